using System.Text.Json.Serialization;

namespace BackupFunctions.Contracts.Jobs;

/// <summary>Every point of it can be recovered to.</summary>
/// <param name="Timeline">From 1.</param>
/// <param name="BackupId">The base that the earliest point needs.</param>
/// <param name="EarliestLsn">For example 0/16000000.</param>
/// <param name="EarliestAt">When that base was complete; null: the window begins where its timeline does.</param>
/// <param name="LatestLsn">Where the log ends.</param>
/// <param name="LatestAt">Every transaction up to then, by the server's clock, is known to be in it; null: not known. Later ones may be, too.</param>
public sealed record WalWindowStatus(int Timeline, string BackupId, string EarliestLsn, DateTimeOffset? EarliestAt, string LatestLsn, DateTimeOffset? LatestAt)
{
    /// <summary>Of archives alone, whose later log is gone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Archive { get; init; }
}
