using System.Text.Json;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests.Database.Runs;

[Collection(CatalogServerCollection.Name)]
public sealed class RunImportTests(CatalogServer server, TestKeys keys) : IAsyncDisposable
{
    private readonly CatalogSite _site = new(server, keys);

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Backup_Succeeded_IsAJobAndNamesTheBackupsRun()
    {
        _site.Storage.PutBackup(Documents.Id(1), "abc");
        await _site.SyncAsync();
        Put("backup-1", JobKinds.FullBackup, new FullBackupParameters("shop", "schedule"), minute: 5, Backup());

        (await _site.SyncAsync()).Jobs.ShouldBe(1);
        (await _site.SyncAsync()).Jobs.ShouldBe(0);

        (await _site.ScalarAsync<string>("SELECT concat_ws(' ', run_id, state, duration_seconds, backup_id) FROM catalog.jobs"))
            .ShouldBe($"backup-1 SUCCEEDED 60 {Documents.Id(1)}");
        (await _site.ScalarAsync<string>("SELECT job_id FROM catalog.current_backups")).ShouldBe("backup-1");
        await _site.RebuildAsync();
        (await _site.ScalarAsync<string>("SELECT job_id FROM catalog.current_backups")).ShouldBe("backup-1");
    }

    [Fact]
    public async Task Backup_FailedTwiceThenGood_IsOneAlertThatResolves()
    {
        Put("backup-1", JobKinds.FullBackup, new FullBackupParameters("shop", "schedule"), minute: 5, error: "The disk is full: make room.");
        await _site.SyncAsync();
        (await AlertsAsync()).ShouldBe("BACKUP_FAILED backup:shop ERROR ACTIVE 1");
        Put("backup-2", JobKinds.FullBackup, new FullBackupParameters("shop", "schedule"), minute: 15, error: "The disk is full: make room.");
        await _site.SyncAsync();
        (await AlertsAsync()).ShouldBe("BACKUP_FAILED backup:shop ERROR ACTIVE 2");
        (await _site.ScalarAsync<string>("SELECT message FROM catalog.alerts")).ShouldBe("The backup of shop failed: The disk is full: make room.");

        await _site.ExecuteAsync("UPDATE catalog.alerts SET state = 'ACKNOWLEDGED', acknowledged_at = now(), acknowledged_by = 'ann'");
        Put("backup-3", JobKinds.FullBackup, new FullBackupParameters("shop", "schedule"), minute: 25, error: "The disk is full: make room.");
        await _site.SyncAsync();
        (await AlertsAsync()).ShouldBe("BACKUP_FAILED backup:shop ERROR ACKNOWLEDGED 3");
        await _site.RebuildAsync();
        (await AlertsAsync()).ShouldBe("BACKUP_FAILED backup:shop ERROR ACKNOWLEDGED 3");

        Put("backup-4", JobKinds.FullBackup, new FullBackupParameters("shop", "schedule"), minute: 35, Backup());
        await _site.SyncAsync();
        (await AlertsAsync()).ShouldBe("BACKUP_FAILED backup:shop ERROR RESOLVED 3");
        (await _site.ScalarAsync<string>("SELECT resolved_by FROM catalog.alerts")).ShouldBe("backup-4");
        (await _site.ScalarAsync<string>("SELECT acknowledged_by FROM catalog.alerts")).ShouldBe("ann");
    }

    [Fact]
    public async Task Tenants_SomeFailed_IsAnAlertThatOnlyARunOfAllResolves()
    {
        var done = new TenantBackupResult
        {
            Database = "shop", Tenants = 1, Verified = 1, Completed = 0, Failed = 0, TakenBefore = 0, Backups = [], Failures = [], Rows = 1, PlainSize = 1, StoredSize = 1,
        };
        Put("tenants-1", JobKinds.TenantBackup, new TenantBackupParameters("shop", "schedule", Tenants: null), minute: 5, error: "1 of 3 tenants of 'shop' failed (acme).");
        Put("tenants-2", JobKinds.TenantBackup, new TenantBackupParameters("shop", "manual", ["globex"]), minute: 15, done);
        await _site.SyncAsync();
        (await AlertsAsync()).ShouldBe("BACKUP_FAILED tenants:shop ERROR ACTIVE 1");
        (await _site.ScalarAsync<string>("SELECT message FROM catalog.alerts")).ShouldNotBeNull().ShouldContain("(acme)");

        Put("tenants-3", JobKinds.TenantBackup, new TenantBackupParameters("shop", "schedule", Tenants: null), minute: 25, done with { Verified = 0, Completed = 1 });
        await _site.SyncAsync();
        (await AlertsAsync()).ShouldBe("BACKUP_FAILED tenants:shop WARNING ACTIVE 2");

        Put("tenants-4", JobKinds.TenantBackup, new TenantBackupParameters("shop", "schedule", Tenants: null), minute: 35, done);
        await _site.SyncAsync();
        (await AlertsAsync()).ShouldNotBeNull().ShouldContain("RESOLVED");
    }

    [Fact]
    public async Task Integrity_DamagedCopy_IsAnAlertUntilAStatementSaysGood()
    {
        var document = _site.Storage.PutBackup(Documents.Id(1), "abc");
        Put("verify-1", JobKinds.VerifyCopies, new VerifyCopiesParameters("schedule", Repair: true), minute: 5, Verified(isRepaired: false));
        await _site.SyncAsync();
        (await AlertsAsync()).ShouldBe($"INTEGRITY_FAILED integrity:{Documents.Id(1)}:b CRITICAL ACTIVE 1");

        _site.Storage.PutStatement(StatementKind.Verified, document, Documents.Id(1), "abc", minute: 90);
        await _site.SyncAsync();

        (await AlertsAsync()).ShouldBe($"INTEGRITY_FAILED integrity:{Documents.Id(1)}:b CRITICAL RESOLVED 1");
    }

    [Fact]
    public async Task Integrity_DamagedAndRepaired_IsResolvedAtOnce()
    {
        Put("verify-1", JobKinds.VerifyCopies, new VerifyCopiesParameters("schedule", Repair: true), minute: 5, Verified(isRepaired: true));

        await _site.SyncAsync();

        (await AlertsAsync()).ShouldBe($"INTEGRITY_FAILED integrity:{Documents.Id(1)}:b WARNING RESOLVED 1");
    }

    [Fact]
    public async Task Archive_Failed_StaysAnAlertWhenTheNextDaysBackupIsGood()
    {
        Put("base-1", JobKinds.BaseBackup, new BaseBackupParameters("main", "schedule") { Archive = true }, minute: 5, error: "Its log cannot be had: raise the limit.");
        Put("base-2", JobKinds.BaseBackup, new BaseBackupParameters("main", "schedule"), minute: 6, Base());
        Put("backup-1", JobKinds.FullBackup, new FullBackupParameters("shop", "schedule") { Archive = true }, minute: 7, error: "x");
        Put("backup-2", JobKinds.FullBackup, new FullBackupParameters("shop", "schedule"), minute: 8, Backup());
        await _site.SyncAsync();
        (await AlertsAsync()).ShouldBe("BACKUP_FAILED archive-base:main ERROR ACTIVE 1; BACKUP_FAILED archive-backup:shop ERROR ACTIVE 1");
        (await _site.ScalarAsync<string>("SELECT message FROM catalog.alerts ORDER BY first_seen_at LIMIT 1")).ShouldBe("The archive of server main failed: Its log cannot be had: raise the limit.");

        Put("base-3", JobKinds.BaseBackup, new BaseBackupParameters("main", "command line") { Archive = true }, minute: 9, Base());
        await _site.SyncAsync();

        (await AlertsAsync()).ShouldBe("BACKUP_FAILED archive-base:main ERROR RESOLVED 1; BACKUP_FAILED archive-backup:shop ERROR ACTIVE 1");
    }

    [Fact]
    public async Task BaseBackup_Failed_IsAnAlertOfItsServer()
    {
        Put("base-1", JobKinds.BaseBackup, new BaseBackupParameters("main", "schedule"), minute: 5, error: "The disk is full: make room.");

        await _site.SyncAsync();

        (await AlertsAsync()).ShouldBe("BACKUP_FAILED base:main ERROR ACTIVE 1");
        (await _site.ScalarAsync<string>("SELECT message FROM catalog.alerts")).ShouldBe("The base backup of server main failed: The disk is full: make room.");
    }

    [Fact]
    public async Task Integrity_DamagedCopiesOfLog_AreAlertsUntilTheyAreGood()
    {
        LogFinding[] findings =
        [
            new("730", "00000001/one", "b", CopyCondition.Damaged, "Other bytes."),
            new("730", "00000001/two", "b", CopyCondition.Damaged, "Other bytes.") { Repaired = true },
            new("730", "00000001/two", "c", CopyCondition.Damaged, "Other bytes.") { ReadRight = true },
            new("730", "00000001/three", "c", CopyCondition.Unreachable, "Target c is away."),
        ];
        Put("verify-1", JobKinds.VerifyCopies, new VerifyCopiesParameters("schedule", Repair: true), minute: 5, Log(findings));
        await _site.SyncAsync();
        (await _site.ScalarAsync<string>("SELECT string_agg(concat_ws(' ', fingerprint, severity, state), '; ' ORDER BY fingerprint) FROM catalog.alerts")).ShouldBe(
            "log-integrity:730:00000001/one:b CRITICAL ACTIVE; log-integrity:730:00000001/two:b WARNING RESOLVED; log-integrity:730:00000001/two:c WARNING RESOLVED");

        Put("verify-2", JobKinds.VerifyCopies, new VerifyCopiesParameters("schedule", Repair: true), minute: 65, Log([findings[0] with { Repaired = true }]));
        await _site.SyncAsync();

        (await _site.ScalarAsync<string>("SELECT string_agg(state, ' ') FROM catalog.alerts")).ShouldBe("RESOLVED RESOLVED RESOLVED");
    }

    [Fact]
    public async Task Cleanup_LeftSomethingUndone_IsAnAlertAndADryRunIsNone()
    {
        Put("cleanup-1", JobKinds.Cleanup, new CleanupParameters("manual", DryRun: true), minute: 1, Cleanup("dry"));
        await _site.SyncAsync();
        (await AlertsAsync()).ShouldBeNull();

        Put("cleanup-2", JobKinds.Cleanup, new CleanupParameters("schedule"), minute: 2, Cleanup("Target b is away."));
        await _site.SyncAsync();

        (await AlertsAsync()).ShouldBe("CLEANUP_FAILED cleanup ERROR ACTIVE 1");
        (await _site.ScalarAsync<string>("SELECT message FROM catalog.alerts")).ShouldNotBeNull().ShouldContain("Target b is away.");
    }

    [Fact]
    public async Task TargetCheck_OneFails_IsStoredAndAnAlertOfThatTarget()
    {
        Put("check-1", JobKinds.TargetCheck, new TargetCheckParameters(Targets: null, "schedule"), minute: 5, new TargetCheckResult
        {
            CheckedAt = Documents.Start,
            Targets =
            [
                new TargetReport { Target = "a", Status = CheckStatus.Ok, Findings = [], LatencyMilliseconds = 1.5, FreeBytes = 7 },
                new TargetReport { Target = "b", Status = CheckStatus.Fail, Findings = [new TargetFinding("credentials", CheckStatus.Fail, "The key was refused: renew it.")] },
            ],
        });

        await _site.SyncAsync();

        (await AlertsAsync()).ShouldBe("TARGET_UNHEALTHY target:b ERROR ACTIVE 1");
        (await _site.ScalarAsync<string>("SELECT string_agg(concat_ws(' ', target, status, latency_milliseconds, free_bytes), ', ' ORDER BY target) FROM catalog.target_checks"))
            .ShouldBe("a OK 1.5 7, b FAIL");
    }

    [Theory]
    [InlineData(JobKinds.FetchBackup)]
    [InlineData(JobKinds.RecoverDatabase)]
    public async Task Recovery_Reported_IsARestoreWithItsBytesAndItsSwitchesOfTarget(string kind)
    {
        Put("dr-r1-1-fetch", kind, new FetchBackupParameters("r1", Documents.Id(1)), minute: 1, new FetchBackupResult(
            1234, 0, 5000, new Dictionary<string, long>(StringComparer.Ordinal) { ["a"] = 1000, ["b"] = 234 }, ["Went on at b: a does not answer."]));
        Put("dr-r1-2-restore", JobKinds.RestoreDatabase, new RestoreDatabaseParameters("r1", Documents.Id(1), "main"), minute: 2, new RestoreDatabaseResult("x", 1, 2, 3));
        PutReport(new DisasterRecoveryReport
        {
            StartTime = Documents.Start.UtcDateTime, Database = "shop", BackupId = Documents.Id(1), Reason = "drill", InitiatedBy = "http, key ann", Steps = [], Success = true,
            DurationSeconds = 60, RestoreLogId = "r1", RecoveredTo = Documents.Start.AddHours(-1), RpoSeconds = 3600,
        });

        await _site.SyncAsync();

        (await _site.ScalarAsync<string>(
            "SELECT concat_ws(' ', mode, database_name, target, to_char(target_time AT TIME ZONE 'UTC', 'HH24:MI'), initiated_by, bytes, duration_seconds, is_success) FROM catalog.restores"))
            .ShouldBe("DISASTER_RECOVERY shop main 01:00 http, key ann 1234 60 t");
        (await _site.ScalarAsync<string>("SELECT concat_ws(' ', number, backup_id, description) FROM catalog.failovers"))
            .ShouldBe($"1 {Documents.Id(1)} Went on at b: a does not answer.");
        (await AlertsAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Recovery_Failed_IsACriticalAlertUntilOneSucceeds()
    {
        PutReport(Report("r1", isSuccess: false, Documents.Start));
        await _site.SyncAsync();
        (await AlertsAsync()).ShouldBe("RESTORE_FAILED restore:shop CRITICAL ACTIVE 1");

        PutReport(Report("r2", isSuccess: true, Documents.Start.AddHours(1)));
        await _site.SyncAsync();
        (await AlertsAsync()).ShouldBe("RESTORE_FAILED restore:shop CRITICAL RESOLVED 1");
    }

    [Fact]
    public async Task Runs_DamagedOrOfAnotherVersion_DoNotStopTheRest()
    {
        Put("backup-1", JobKinds.FullBackup, new FullBackupParameters("shop", "schedule"), minute: 5, Backup());
        Put("backup-2", JobKinds.FullBackup, new FullBackupParameters("shop", "schedule"), minute: 5, Backup());
        Put("backup-3", JobKinds.FullBackup, new[] { "not", "known" }, minute: 5, new[] { 1 });
        await File.WriteAllTextAsync(Path.Combine(_site.Runs.FolderOf("backup-1"), "result.json"), "{");

        (await _site.SyncAsync()).Jobs.ShouldBe(2);

        (await _site.ScalarAsync<string>("SELECT string_agg(run_id, ' ' ORDER BY run_id) FROM catalog.jobs")).ShouldBe("backup-2 backup-3");
    }

    [Fact]
    public async Task Run_NotEnded_IsReadAgainUntilItHas()
    {
        _site.Runs.Create(Spec("backup-1", JobKinds.FullBackup, new FullBackupParameters("shop", "schedule")));
        await _site.SyncAsync();
        (await _site.ScalarAsync<string>("SELECT state FROM catalog.jobs")).ShouldBe("LOST");

        Put("backup-1", JobKinds.FullBackup, new FullBackupParameters("shop", "schedule"), minute: 5, Backup());
        await _site.SyncAsync();

        (await _site.ScalarAsync<string>("SELECT state FROM catalog.jobs")).ShouldBe("SUCCEEDED");
    }

    private Task<string?> AlertsAsync() => _site.ScalarAsync<string>(
        "SELECT string_agg(concat_ws(' ', kind, fingerprint, severity, state, count), '; ' ORDER BY first_seen_at) FROM catalog.alerts");

    private void Put(string runId, string kind, object parameters, int minute, object? output = null, string? error = null)
    {
        _site.Runs.Create(Spec(runId, kind, parameters));
        _site.Runs.WriteResult(new JobResult
        {
            RunId = runId,
            State = error is null ? JobState.Succeeded : JobState.Failed,
            ErrorCode = error is null ? null : ErrorCodes.DiskFull,
            Error = error,
            StartedAt = Documents.Start.AddMinutes(minute - 1),
            FinishedAt = Documents.Start.AddMinutes(minute),
            Output = output is null ? null : JsonSerializer.SerializeToNode(output, ContractJson.Options),
        });
    }

    private void PutReport(DisasterRecoveryReport report)
    {
        var folder = Path.Combine(_site.Runs.Root, "reports");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, $"{report.RestoreLogId}.json"), JsonSerializer.SerializeToUtf8Bytes(report, ContractJson.Options));
    }

    private static JobSpec Spec(string runId, string kind, object parameters) => new()
    {
        RunId = runId, Kind = kind, InstanceId = "i1", Parameters = JsonSerializer.SerializeToNode(parameters, ContractJson.Options)!,
    };

    private static DisasterRecoveryReport Report(string id, bool isSuccess, DateTimeOffset start) => new()
    {
        StartTime = start.UtcDateTime, Database = "shop", Reason = "drill", Steps = [], Success = isSuccess, DurationSeconds = 60, RestoreLogId = id,
    };

    private static FullBackupResult Backup() => new()
    {
        BackupId = Documents.Id(1), Database = "shop", Status = BackupStatus.Verified, Copies = [], PlainSize = 1, StoredSize = 1, Tables = 1, Rows = 1,
    };

    private static BaseBackupResult Base() => new()
    {
        BackupId = Documents.Id(1), Server = "main", Status = BackupStatus.Verified, Copies = [], PlainSize = 1, StoredSize = 1, Files = 1, SystemIdentifier = "730", Timeline = 1,
        StartLsn = "0/1", StopLsn = "0/2",
    };

    private static VerifyCopiesResult Log(IReadOnlyList<LogFinding> findings) => Verified(isRepaired: false) with
    {
        Findings = [],
        Log = new LogCheckResult
        {
            Success = false, Objects = 1, Checked = 1, Good = 1, Damaged = 1, Unreachable = 0, Repaired = 0, Missing = 0, Copied = 0, BytesRead = 1, Findings = findings, Problems = [],
        },
    };

    private static VerifyCopiesResult Verified(bool isRepaired) => new()
    {
        Success = isRepaired, CheckedAt = Documents.Start, Backups = 1, Good = 2, Missing = 0, Damaged = 1, Unreachable = 0, Repaired = isRepaired ? 1 : 0, BytesRead = 1, Problems = [],
        Findings = [new CopyFinding(Documents.Id(1), "shop", "b", CopyCondition.Damaged, "contents.tink has other bytes.") { Repaired = isRepaired }],
    };

    private static CleanupResult Cleanup(string problem) => new()
    {
        Success = false, DryRun = false, Kept = 0, Tombstoned = 0, TombstonesCancelled = 0, Deleted = 0, Blocked = 1, OrphansRemoved = 0, BytesDeleted = 0,
        Problems = [problem], Decisions = [],
    };
}
