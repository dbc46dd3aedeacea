namespace BackupFunctions.Contracts.Manifests;

/// <summary>Log that a server has removed before it was archived: no point in it can be recovered, and none behind it from a base backup before it.</summary>
public sealed record WalGap
{
    /// <summary>Names the gap, also when it is recorded twice: system identifier, timeline and position of its begin.</summary>
    public required string Id { get; init; }

    /// <summary>Timeline of <see cref="FromLsn"/>, from 1.</summary>
    public required int FromTimeline { get; init; }

    /// <summary>Everything before it is archived, for example 0/16000000.</summary>
    public required string FromLsn { get; init; }

    /// <summary>Timeline of <see cref="ToLsn"/>.</summary>
    public required int ToTimeline { get; init; }

    /// <summary>Where receiving went on.</summary>
    public required string ToLsn { get; init; }
    public required WalGapCause Cause { get; init; }
    public required DateTimeOffset FoundAt { get; init; }
}
