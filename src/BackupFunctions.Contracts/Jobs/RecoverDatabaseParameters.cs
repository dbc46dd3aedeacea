namespace BackupFunctions.Contracts.Jobs;

/// <summary>
/// One database as it was at a point of its server's log: base backup into an isolated server in the restore's work folder, log replayed, the
/// database dumped to where <see cref="FetchBackupParameters"/> would have put it.
/// </summary>
/// <param name="RestoreId">Names the work folder: this job and the restore of one recovery share it.</param>
/// <param name="BackupId">The base backup.</param>
/// <param name="Database">The database to dump.</param>
/// <param name="Path">As it was selected.</param>
public sealed record RecoverDatabaseParameters(string RestoreId, string BackupId, string Database, RecoveryPath Path)
{
    /// <summary>Names of targets, the first to read from first; those not named come after. Null: as in the settings.</summary>
    public IReadOnlyList<string>? Order { get; init; }
}
