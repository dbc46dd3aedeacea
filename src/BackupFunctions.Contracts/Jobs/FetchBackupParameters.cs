namespace BackupFunctions.Contracts.Jobs;

/// <summary>Download, decrypt and decompress into the restore's work folder; phases overlap.</summary>
/// <param name="RestoreId">Names the work folder: fetch and restore of one recovery share it.</param>
/// <param name="BackupId">The backup.</param>
public sealed record FetchBackupParameters(string RestoreId, string BackupId);
