using BackupFunctions.Postgres.Replication;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>
/// The server's summaries of its write-ahead log (pg_wal/summaries), by which an incremental backup finds the blocks that changed. The
/// server removes them after wal_summary_keep_time, and makes none while summarize_wal is off.
/// </summary>
public static class WalSummaries
{
    private const string Ranges =
        "select start_lsn - '0/0'::pg_lsn, end_lsn - '0/0'::pg_lsn from pg_available_wal_summaries() where tli = $1 and end_lsn - '0/0'::pg_lsn > $2 order by 1, 2";

    /// <summary>How far it has come: a summary ends at a checkpoint, so there may be none yet of what is newest. 0: it has not begun.</summary>
    private const string Reached = "select coalesce(summarized_lsn - '0/0'::pg_lsn, 0) from pg_get_wal_summarizer_state()";

    /// <param name="server">Version 17 or later.</param>
    /// <param name="timeline">From 1.</param>
    /// <param name="start">Where the log begins that has to be summarized, bytes: the start of the parent.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>
    /// Null when there is no hole from the start on to where the server has come; what it has not summarized yet it does before it begins.
    /// Otherwise what is missing, as part of a sentence.
    /// </returns>
    public static async Task<string?> FindGapAsync(ServerConnection server, int timeline, ulong start, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);

        // In this order: a summary made in between is no hole.
        var reached = (ulong)await connection.SingleAsync<decimal>(Reached, cancellationToken);
        var ranges = await connection.QueryAsync(
            Ranges,
            static row => (Start: (ulong)row.GetDecimal(0), End: (ulong)row.GetDecimal(1)),
            cancellationToken,
            (long)timeline,
            (decimal)start);
        return FindGap(ranges, reached, start) is { } gap
            ? $"it has no summary of its log from {LogPosition.Format(gap)} on timeline {timeline} (summarize_wal, wal_summary_keep_time)"
            : null;
    }

    /// <param name="inOrder">Summaries that end behind the start.</param>
    /// <param name="reached">How far the server has come.</param>
    /// <param name="start">From where on they are needed.</param>
    /// <returns>Where a hole begins.</returns>
    internal static ulong? FindGap(IReadOnlyList<(ulong Start, ulong End)> inOrder, ulong reached, ulong start)
    {
        var covered = start;
        foreach (var range in inOrder)
        {
            if (range.Start > covered)
            {
                return covered;
            }

            covered = Math.Max(covered, range.End);
        }

        return reached == 0 || reached > covered ? covered : null;
    }
}
