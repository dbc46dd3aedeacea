using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Tests.Support;

/// <summary>Results of jobs that went well.</summary>
internal static class JobResults
{
    public const string BackupId = "20261121T020000123Z-9f3c01ab";

    public static readonly SelectBackupResult Selected = new()
    {
        BackupId = BackupId,
        Database = "shop",
        TargetServer = "main",
        Status = BackupStatus.Verified,
        SnapshotAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        StoredSize = 1000,
        PlainSize = 5000,
        ReadableTargets = ["r2"],
        Checks = ["signature holds"],
    };

    /// <summary>A base backup, and the log from it on.</summary>
    public static readonly SelectBackupResult SelectedPoint = Selected with { Path = new RecoveryPath("main", new WantedPoint(Time: null, Lsn: null), Timeline: 1, "0/5000000") };

    public static readonly RecoveredPoint Point = new()
    {
        Target = "the end of the log",
        At = new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.Zero),
        Lsn = "0/4FFFF28",
        Timeline = 1,
        LastCommitAt = new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.Zero),
        LogFiles = 3,
    };

    public static readonly FetchBackupResult Fetched = new(
        Downloaded: 1000, Reused: 0, PlainSize: 5000, new Dictionary<string, long>(StringComparer.Ordinal) { ["r2"] = 1000 }, []);

    public static readonly FetchBackupResult FetchedPoint = Fetched with { Point = Point };

    public static readonly RestoreDatabaseResult Restored = new("shop_restore", 4711, Tables: 7, Rows: 1234);

    public static readonly SwapDatabaseResult Swapped = new("shop_before", EndedSessions: 2);

    public static readonly FullBackupResult Backup = new()
    {
        BackupId = BackupId,
        Database = "shop",
        Status = BackupStatus.Verified,
        Copies = [new CopyResult("r2", Written: true, Verified: true, Error: null)],
        PlainSize = 5000,
        StoredSize = 1000,
        Tables = 7,
        Rows = 1234,
    };

    public static readonly BaseBackupResult BaseBackup = new()
    {
        BackupId = BackupId,
        Server = "main",
        Status = BackupStatus.Verified,
        Copies = Backup.Copies,
        PlainSize = 5000,
        StoredSize = 1000,
        Files = 900,
        SystemIdentifier = "7300000000000000000",
        Timeline = 1,
        StartLsn = "0/6000028",
        StopLsn = "0/6000100",
    };

    public static readonly ConfigurationBackupResult Configuration = new()
    {
        BackupId = BackupId,
        Server = "main",
        Status = BackupStatus.Verified,
        Copies = Backup.Copies,
        PlainSize = 5000,
        StoredSize = 1000,
        Items = 7,
        Missing = [],
    };

    public static readonly TenantBackupResult Tenant = new()
    {
        Database = "shop",
        Tenants = 1,
        Verified = 1,
        Completed = 0,
        Failed = 0,
        TakenBefore = 0,
        Backups = [new TenantBackup("acme", BackupId, BackupStatus.Verified, StatusReason: null, Rows: 7, PlainSize: 5000, StoredSize: 1000, [])],
        Failures = [],
        Rows = 7,
        PlainSize = 5000,
        StoredSize = 1000,
    };

    public static readonly MergeRunResult Planned = Merged(applied: false);

    public static readonly MergeRunResult Written = Merged(applied: true);

    public static readonly VerifyCopiesResult Checked = new()
    {
        Success = true,
        CheckedAt = DateTimeOffset.UnixEpoch,
        Backups = 1,
        Good = 2,
        Missing = 0,
        Damaged = 0,
        Unreachable = 0,
        Repaired = 0,
        BytesRead = 300,
        Findings = [],
        Problems = [],
    };

    public static MergeRunResult Merged(bool applied, params string[] blockers) => new(
        [
            new MergeResult
            {
                Database = "shop", Policy = MergePolicy.AddMissing, Applied = applied, Tables = [new MergeTableResult("public.orders", Add: 3, Change: 2, Conflicting: 1, OnlyLive: 4, Same: 5)], Blockers = blockers,
            },
        ],
        []);
}
