namespace BackupFunctions.Catalog.Database.Alerts;

/// <summary>What alerts are about.</summary>
internal static class AlertKinds
{
    public const string BackupFailed = "BACKUP_FAILED";
    public const string IntegrityFailed = "INTEGRITY_FAILED";
    public const string CleanupFailed = "CLEANUP_FAILED";
    public const string TargetUnhealthy = "TARGET_UNHEALTHY";
    public const string RestoreFailed = "RESTORE_FAILED";
}
