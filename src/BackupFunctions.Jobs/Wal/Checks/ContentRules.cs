using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Wal.Checks;

/// <summary>What the log and the data files are worth.</summary>
internal static class ContentRules
{
    private const int Summaries = 170000;

    /// <summary>Minutes: a week between full base backups, and a day.</summary>
    private const long ShortestKeepTime = 8 * 24 * 60;

    public static IEnumerable<WalFinding> Find(WalCheckSubject subject)
    {
        var facts = subject.Facts;
        yield return facts.Setting("full_page_writes") is "on"
            ? new WalFinding("full_page_writes", CheckStatus.Ok, "full_page_writes is on.")
            : new WalFinding("full_page_writes", CheckStatus.Warn, "full_page_writes is off: a page torn by a crash cannot be mended, and base backups of a standby are refused; run ALTER SYSTEM SET full_page_writes = 'on'; SELECT pg_reload_conf();");
        yield return facts.Setting("data_checksums") is "on"
            ? new WalFinding("checksums", CheckStatus.Ok, "Data checksums are on.")
            : new WalFinding("checksums", CheckStatus.Warn, "Data checksums are off, so that damaged pages are backed up unseen: stop the server, run pg_checksums --enable -D with its data directory, and start it.");
        yield return new WalFinding("wal_compression", CheckStatus.Ok, facts.Setting("wal_compression") is "off"
            ? "wal_compression is off; 'lz4' or 'zstd' (15 and later) would make less log to send."
            : $"wal_compression is {facts.Setting("wal_compression")}.");
        if (facts.VersionNumber >= Summaries)
        {
            yield return Summarized(subject);
        }
    }

    private static WalFinding Summarized(WalCheckSubject subject)
    {
        const string Check = "summaries";
        var minutes = subject.Number("wal_summary_keep_time");
        return subject.Facts.Setting("summarize_wal") is not "on"
            ? new WalFinding(Check, CheckStatus.Warn, "summarize_wal is off, so that base backups cannot be incremental: run ALTER SYSTEM SET summarize_wal = 'on'; SELECT pg_reload_conf();")
            : minutes is > 0 and < ShortestKeepTime
                ? new WalFinding(Check, CheckStatus.Warn, $"wal_summary_keep_time is {minutes} min, less than a week between full base backups: run ALTER SYSTEM SET wal_summary_keep_time = '10d'; SELECT pg_reload_conf();")
                : new WalFinding(Check, CheckStatus.Ok, "Summaries of the log are kept long enough for incremental base backups.");
    }
}
