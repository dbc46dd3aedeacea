namespace BackupFunctions.Contracts.Jobs;

/// <summary>The point of a server's write-ahead log that a recovery has reached.</summary>
public sealed record RecoveredPoint
{
    /// <summary>What was asked for, for people.</summary>
    public required string Target { get; init; }

    /// <summary>Whatever was committed up to then is in it, by the server's clock; what was committed later may not be.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Everything before it was replayed, for example 0/16B3748.</summary>
    public required string Lsn { get; init; }

    /// <summary>That the log was followed on.</summary>
    public required int Timeline { get; init; }

    /// <summary>When the last transaction that is in it committed, by the server's clock; null: none since the base backup.</summary>
    public DateTimeOffset? LastCommitAt { get; init; }

    /// <summary>Files of the log that were replayed.</summary>
    public required int LogFiles { get; init; }
}
