namespace BackupFunctions.Contracts.Jobs;

/// <param name="Database">The database to recover.</param>
/// <param name="BackupId">Null: <see cref="Point"/>, or else the newest point that can be recovered.</param>
/// <param name="TargetServer">A server named in the settings; null: the database's own.</param>
public sealed record SelectBackupParameters(string Database, string? BackupId, string? TargetServer)
{
    /// <summary>By base backup and log, nothing else; not together with a backup id.</summary>
    public WantedPoint? Point { get; init; }
}
