namespace BackupFunctions.Contracts.Jobs;

/// <summary>A server's files as they were at a point; nothing of it runs.</summary>
public sealed record RecoverServerResult
{
    public required string Server { get; init; }
    public required string BackupId { get; init; }
    public required string DataDirectory { get; init; }
    /// <summary>Where its further tablespaces are.</summary>
    public IReadOnlyList<string> Tablespaces { get; init; } = [];
    public required string SystemIdentifier { get; init; }

    /// <summary>What was asked for, for people.</summary>
    public required string Target { get; init; }

    /// <summary>Everything before it was replayed.</summary>
    public required string ReachedLsn { get; init; }

    /// <summary>That the log was followed on.</summary>
    public required int Timeline { get; init; }

    /// <summary>When the last transaction that is in it committed, by the server's clock; null: none since the base backup.</summary>
    public DateTimeOffset? LastCommitAt { get; init; }

    /// <summary>The target lay behind the last transaction: up to then, by the server's clock, there was none that is not in it. Otherwise null.</summary>
    public DateTimeOffset? CompleteUntil { get; init; }

    /// <summary>Bytes of ciphertext of the base backup, those of an earlier attempt included.</summary>
    public required long BaseSize { get; init; }

    /// <summary>Files of the log that were replayed.</summary>
    public required int LogFiles { get; init; }

    /// <summary>Switches of target, a sentence each.</summary>
    public required IReadOnlyList<string> Failovers { get; init; }
}
