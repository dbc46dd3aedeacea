using System.Globalization;
using Npgsql;

namespace BackupFunctions.Postgres.Recovery;

/// <param name="Replayed">Everything before it was replayed, bytes.</param>
/// <param name="IsPaused">The target was reached.</param>
/// <param name="Outcome">The same for the caller.</param>
/// <param name="SegmentSize">Bytes.</param>
internal sealed record ReplayState(ulong Replayed, bool IsPaused, RecoveryOutcome Outcome, int SegmentSize)
{
    /// <summary>The timeline is that of the last restart point: one of the log given since is newer.</summary>
    public const string Query = """
        select pg_last_wal_replay_lsn() - '0/0'::pg_lsn, pg_is_wal_replay_paused(),
               (select timeline_id from pg_control_checkpoint()), pg_last_xact_replay_timestamp(),
               (select setting::bigint * (case unit when 'B' then 1 when '8kB' then 8192 when 'MB' then 1048576 else 1 end) from pg_settings where name = 'wal_segment_size')
        """;

    /// <summary>A timeline is never left for an older one.</summary>
    public ReplayState OnTimelineOf(string segment) =>
        int.Parse(segment.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) is var timeline && timeline > Outcome.Timeline
            ? this with { Outcome = Outcome with { Timeline = timeline } }
            : this;

    public static ReplayState Read(NpgsqlDataReader row)
    {
        var replayed = row.IsDBNull(0) ? 0 : (ulong)row.GetDecimal(0);
        var outcome = new RecoveryOutcome(replayed, row.GetInt32(2), row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3));
        return new ReplayState(replayed, row.GetBoolean(1), outcome, (int)row.GetInt64(4));
    }
}
