namespace BackupFunctions.Contracts.Jobs;

/// <summary>pg_restore of the fetched folder into a scratch database, then comparison with the backup's counts and digests.</summary>
public sealed record RestoreDatabaseParameters(string RestoreId, string BackupId, string TargetServer)
{
    /// <summary>Only these tables; null: all of the database.</summary>
    public TableSelection? Selection { get; init; }
}
