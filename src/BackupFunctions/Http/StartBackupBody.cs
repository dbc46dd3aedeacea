namespace BackupFunctions.Http;

/// <summary>Body of POST /api/backups.</summary>
public sealed record StartBackupBody(string? Database, string? Kind);
