namespace BackupFunctions.Contracts.Jobs;

public static class JobKinds
{
    public const string FullBackup = "full-backup";
    public const string BaseBackup = "base-backup";
    public const string IncrementalBackup = "incremental-backup";
    public const string TenantBackup = "tenant-backup";
    public const string ConfigurationBackup = "configuration-backup";
    public const string SelectBackup = "select-backup";
    public const string FetchBackup = "fetch-backup";
    public const string RestoreDatabase = "restore-database";
    public const string MergeDatabase = "merge-database";
    public const string SwapDatabase = "swap-database";
    public const string TargetCheck = "target-check";
    public const string Cleanup = "cleanup";
    public const string VerifyCopies = "verify-copies";
    public const string ReceiveWal = "receive-wal";
    public const string RecoverServer = "recover-server";
    public const string RecoverDatabase = "recover-database";
    public const string DiscardRestore = "discard-restore";
    public const string WalStatus = "wal-status";
}
