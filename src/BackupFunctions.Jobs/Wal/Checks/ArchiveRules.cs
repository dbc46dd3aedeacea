using System.Globalization;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Wal.Checks;

/// <summary>The server's own archiver: ours, somebody else's, or none.</summary>
internal static class ArchiveRules
{
    private const string Check = "archive";

    /// <summary>Seconds; more than the aim of five minutes lies beyond it.</summary>
    private const long LongestTimeout = 300;

    public static IEnumerable<WalFinding> Find(WalCheckSubject subject)
    {
        var isOn = subject.Facts.Setting("archive_mode") is "on" or "always";
        if (subject.IsPushed)
        {
            return Pushed(subject);
        }

        return
        [
            subject.Mode == WalMode.Off
                ? new WalFinding(Check, CheckStatus.Warn, $"Nothing archives this server's log here: set Servers__{subject.Server}__Wal to continuous or timer, or archive_command to 'pgdr wal push %p'.")
                : isOn && subject.Facts.ArchiverFails
                    ? new WalFinding(Check, CheckStatus.Warn, "The server's own archive_command fails, and the server keeps its log until it works: see the server's log.")
                    : new WalFinding(Check, CheckStatus.Ok, $"The log is received ({subject.Mode.ToString().ToLower(CultureInfo.InvariantCulture)}){(isOn ? "; the server's own archive_command goes elsewhere" : string.Empty)}."),
        ];
    }

    private static IEnumerable<WalFinding> Pushed(WalCheckSubject subject)
    {
        yield return subject.Facts.ArchiverFails
            ? new WalFinding(Check, CheckStatus.Fail, "archive_command fails, and the server keeps its log until it works: the server's log has the sentences of 'pgdr wal push'.")
            : subject.Mode != WalMode.Off
                ? new WalFinding(Check, CheckStatus.Warn, $"The log is pushed by archive_command and received as well, so that it is stored twice: set Servers__{subject.Server}__Wal to off, or archive_mode.")
                : new WalFinding(Check, CheckStatus.Ok, "The log is pushed by archive_command.");
        var timeout = subject.Number("archive_timeout");
        yield return timeout is > 0 and <= LongestTimeout
            ? new WalFinding("archive_timeout", CheckStatus.Ok, $"archive_timeout is {timeout} s.")
            : new WalFinding("archive_timeout", CheckStatus.Warn, $"archive_timeout is {(timeout == 0 ? "off" : $"{timeout} s")}: so long may a segment that is not full wait, and its transactions with it; run ALTER SYSTEM SET archive_timeout = '60s'; SELECT pg_reload_conf();");
    }
}
