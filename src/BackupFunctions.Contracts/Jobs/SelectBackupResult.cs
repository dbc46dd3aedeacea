using BackupFunctions.Contracts.Backups;

namespace BackupFunctions.Contracts.Jobs;

public sealed record SelectBackupResult
{
    public required string BackupId { get; init; }
    public required string Database { get; init; }
    public required string TargetServer { get; init; }
    public required BackupStatus Status { get; init; }

    /// <summary>The point in time the backup recovers to; with a path, that of the base backup, and the log goes further.</summary>
    public required DateTimeOffset SnapshotAt { get; init; }
    public required long StoredSize { get; init; }
    public required long PlainSize { get; init; }

    /// <summary>Targets that hold objects, in the order they will be read: those that failed the check come last.</summary>
    public required IReadOnlyList<string> ReadableTargets { get; init; }

    /// <summary>One line per check of the preflight, for the report.</summary>
    public required IReadOnlyList<string> Checks { get; init; }

    /// <summary>Set when the backup is a base backup, and its server's log goes on from it; null for a dump.</summary>
    public RecoveryPath? Path { get; init; }
}
