using BackupFunctions.Contracts.Backups;

namespace BackupFunctions.Cli.Status;

/// <summary>What pgdr status says of one database; the backup is the one a recovery would use.</summary>
internal sealed record DatabaseStatus(
    string Database, string? BackupId, BackupStatus? Status, DateTimeOffset? SnapshotAt, double? AgeSeconds, DateTimeOffset? ProvenAt);
