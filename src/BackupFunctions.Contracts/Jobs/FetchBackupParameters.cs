namespace BackupFunctions.Contracts.Jobs;

/// <summary>Download, decrypt and decompress into the restore's work folder; phases overlap.</summary>
/// <param name="RestoreId">Names the work folder: fetch and restore of one recovery share it.</param>
/// <param name="BackupId">The backup.</param>
public sealed record FetchBackupParameters(string RestoreId, string BackupId)
{
    /// <summary>Names of targets, the first to read from first; those not named come after. Null: as in the settings.</summary>
    public IReadOnlyList<string>? Order { get; init; }
}
