namespace BackupFunctions.Contracts.Jobs;

/// <param name="Database">The database to recover.</param>
/// <param name="BackupId">Null: <see cref="Point"/>, or else the newest point that can be recovered.</param>
/// <param name="TargetServer">A server named in the settings; null: the database's own.</param>
public sealed record SelectBackupParameters(string Database, string? BackupId, string? TargetServer)
{
    /// <summary>The name that the restored database gets; null: that of the database itself. A backup of one tenant needs another one.</summary>
    public string? Into { get; init; }

    /// <summary>By base backup and log, nothing else; not together with a backup id.</summary>
    public WantedPoint? Point { get; init; }

    /// <summary>Only these tables, into a database that is not there yet; null: all of the database.</summary>
    public TableSelection? Selection { get; init; }
}
