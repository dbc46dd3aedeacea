namespace BackupFunctions.Contracts.Jobs;

/// <summary>What one run of retention did, in copies.</summary>
public sealed record CleanupResult
{
    /// <summary>Decisions that a result lists at most: it enters the workflow's history.</summary>
    public const int MostListed = 100;

    /// <summary>Nothing that was due was left undone.</summary>
    public required bool Success { get; init; }

    /// <summary>Nothing was changed: what follows is what would have been done.</summary>
    public required bool DryRun { get; init; }
    public required int Kept { get; init; }
    public required int Tombstoned { get; init; }
    public required int TombstonesCancelled { get; init; }
    public required int Deleted { get; init; }
    public required int Blocked { get; init; }

    /// <summary>Folders of backups that were killed before their manifest, removed from a target.</summary>
    public required int OrphansRemoved { get; init; }

    /// <summary>Bytes of ciphertext that were deleted, of backups.</summary>
    public required long BytesDeleted { get; init; }

    /// <summary>Objects of archived write-ahead log that were listed, each counted once.</summary>
    public int WalObjects { get; init; }

    /// <summary>Copies of such objects that nothing needs any more, and that are still there: their grace runs, or something stands against their deletion.</summary>
    public int WalUnneeded { get; init; }

    /// <summary>Copies of such objects that were deleted, inventories and histories too; on a target that keeps versions each version counts.</summary>
    public int WalDeleted { get; init; }

    /// <summary>Copies of such objects that a lock of their target still holds: they go with a later run.</summary>
    public int WalLocked { get; init; }

    /// <summary>Epochs that had nothing left and were deleted, each counted once.</summary>
    public int WalEpochsDeleted { get; init; }

    /// <summary>Stretches of log that stay or go, and why, <see cref="MostListed"/> at most.</summary>
    public IReadOnlyList<WalCleanupDecision> WalDecisions { get; init; } = [];

    /// <summary>Uploads that were begun more than a week ago and never finished, freed on the targets.</summary>
    public int UploadsFreed { get; init; }

    /// <summary>Why something that was due was not done, a sentence each: targets away, statements that cannot be read, copies in use.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Tombstoned, deleted and blocked copies, <see cref="MostListed"/> at most.</summary>
    public required IReadOnlyList<CleanupDecision> Decisions { get; init; }
}
