using BackupFunctions.Contracts.Logs;

namespace BackupFunctions.Retention.State;

/// <summary>What a former run of retention stated of one server's log. One that nobody can read states nothing, which spares everything.</summary>
/// <param name="SystemId">The server's system identifier.</param>
/// <param name="At">When.</param>
public sealed record KnownExpiry(string SystemId, DateTimeOffset At)
{
    /// <summary>Log that nothing needed.</summary>
    public LogSpans Expired { get; init; } = LogSpans.None;

    /// <summary>Log whose deletion had begun, then or earlier.</summary>
    public LogSpans Deleted { get; init; } = LogSpans.None;

    /// <summary>Epochs that had nothing left that was needed.</summary>
    public IReadOnlyCollection<string> Epochs { get; init; } = [];

    /// <summary>The one that it was written after is missing: what that said is not known.</summary>
    public bool IsTorn { get; init; }

    /// <summary>Every target holds it.</summary>
    public bool IsEverywhere { get; init; }
}
