namespace BackupFunctions.Contracts;

/// <summary>Stable codes of failures: they stand in job results, problem details and documentation.</summary>
public static class ErrorCodes
{
    public const string InvalidSettings = "settings.invalid";
    public const string ServerUnreachable = "server.unreachable";
    public const string ServerRefusedLogin = "server.login";
    public const string ServerTooOld = "server.too-old";
    public const string ServerDamaged = "server.damaged";
    public const string ExtensionsMissing = "server.extensions";
    public const string TablespacesRefused = "server.tablespaces";
    public const string DatabaseUnknown = "database.unknown";
    public const string DatabaseExists = "database.exists";
    public const string PermissionMissing = "database.permission";
    public const string TenantUnknown = "tenant.unknown";
    public const string TenantTables = "tenant.tables";
    public const string TenantForeignRows = "tenant.foreign-rows";
    public const string TenantsFailed = "tenant.failed";
    public const string TenantRunBusy = "tenant.busy";
    public const string MergeRefused = "merge.refused";
    public const string MergeLocked = "merge.locked";
    public const string SwapBlocked = "database.swap-blocked";
    public const string ToolMissing = "tool.missing";
    public const string ToolTooOld = "tool.too-old";
    public const string ToolFailed = "tool.failed";
    public const string DiskFull = "disk.full";
    public const string TargetUnreachable = "target.unreachable";
    public const string TargetRefused = "target.refused";
    public const string TargetFull = "target.full";
    public const string ObjectAbsent = "object.absent";
    public const string ObjectDamaged = "object.damaged";
    public const string ObjectLocked = "object.locked";
    public const string CopiesMissing = "copies.missing";
    public const string BackupUnknown = "backup.unknown";
    public const string ManifestAltered = "manifest.altered";
    public const string SignerUnknown = "manifest.signer-unknown";
    public const string FormatUnknown = "manifest.format-unknown";
    public const string KeyMissing = "key.missing";
    public const string KeyCannotOpen = "key.cannot-open";
    public const string VerificationFailed = "verification.failed";
    public const string ReplicationRefused = "replication.refused";
    public const string WalMissing = "wal.missing";
    public const string WalDiffers = "wal.differs";
    public const string StateTooNew = "state.too-new";
    public const string CatalogUnavailable = "catalog.unavailable";
    public const string Canceled = "canceled";
    public const string Unexpected = "unexpected";
}
