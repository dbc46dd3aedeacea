using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Storage;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

public sealed class BaseBackupJobTests(BaseFixture fixture) : IClassFixture<BaseFixture>, IDisposable
{
    private readonly BaseSite _site = fixture.NewSite();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Run_AServer_IsVerifiedOnEveryTargetAndSaysWhichLogItNeeds()
    {
        var before = await PositionAsync();

        var backup = await _site.BackUpAsync();

        backup.Status.ShouldBe(BackupStatus.Verified, backup.StatusReason);
        backup.Copies.ShouldAllBe(copy => copy.Written && copy.Verified);
        backup.SystemIdentifier.ShouldBe(await fixture.Server.ScalarAsync<string>("select system_identifier::text from pg_control_system()"));
        backup.Timeline.ShouldBe(1);
        Lsn.Parse(backup.StartLsn).ShouldBeGreaterThanOrEqualTo(before);
        Lsn.Parse(backup.StopLsn).ShouldBeInRange(Lsn.Parse(backup.StartLsn) + 1, await PositionAsync());
        backup.Files.ShouldBeGreaterThan(900);
        _site.Jobs.Reporter.Warnings.ShouldNotContain(warning => warning.Contains("checksums", StringComparison.Ordinal));
        Directory.Exists(_site.Jobs.Site.WorkFolder).ShouldBeFalse();

        using var reader = BackupReader.FromSettings(_site.Jobs.Environment);
        var manifest = (await reader.Catalog.FindAsync(backup.BackupId, CancellationToken.None))!.Manifest;
        manifest.Kind.ShouldBe(BackupKind.Base);
        manifest.Database.ShouldBeEmpty();
        manifest.Base!.Server.ShouldBe("main");
        manifest.Base.Label.ShouldBe($"pgdr {backup.BackupId}");
        manifest.Base.WalSegmentSize.ShouldBe(16 << 20);
        manifest.Base.DataChecksums.ShouldBeTrue();
        manifest.Base.StopTimeline.ShouldBe(1);
        manifest.Objects.Count(item => item.Role == "backup-manifest").ShouldBe(1);
        (await reader.Catalog.ListAsync(CancellationToken.None)).Backups.ShouldHaveSingleItem().Kind.ShouldBe(BackupKind.Base);
    }

    [Fact]
    public async Task Run_OneTargetFails_IsKeptOnTheOthers()
    {
        _site.Jobs.Site.Settings["BACKUP_REQUIRED_COPIES"] = "2";
        _site.Jobs.Target("b").FailCreate = Broken;

        var backup = await _site.BackUpAsync();

        backup.Copies.Where(copy => copy.Written).Select(copy => copy.Target).ShouldBe(["a", "c"]);
    }

    [Fact]
    public async Task Run_TooFewTargetsAreLeft_FailsAndLeavesNothing()
    {
        _site.Jobs.Site.Settings["BACKUP_REQUIRED_COPIES"] = "2";
        _site.Jobs.Target("a").FailCreate = Broken;
        _site.Jobs.Target("b").FailCreate = Broken;

        await Should.ThrowAsync<StorageException>(() => _site.BackUpAsync());

        _site.Jobs.FilesAnywhere().ShouldBeEmpty();
        (await fixture.Server.ScalarAsync<long>("select count(*) from pg_stat_progress_basebackup")).ShouldBe(0);
    }

    [Fact]
    public async Task Run_CancelledInTheMiddle_LeavesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        _site.Jobs.Target("a").FailCreate = key =>
        {
            if (key.EndsWith("data/000002.tink", StringComparison.Ordinal))
            {
                cancellation.Cancel();
            }

            return null;
        };

        await Should.ThrowAsync<OperationCanceledException>(() => _site.BackUpAsync(cancellation.Token));

        _site.Jobs.FilesAnywhere().ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ATablespaceInPlace_IsRefusedByName()
    {
        await fixture.Server.ExecuteAsync("alter role current_user set allow_in_place_tablespaces = on");
        await fixture.Server.ExecuteAsync("create tablespace \"fast disk\" location ''");
        try
        {
            (await _site.BackUpAsync().ShouldFailWithAsync(ErrorCodes.TablespacesRefused)).ShouldContain("fast disk");
            _site.Jobs.FilesAnywhere().ShouldBeEmpty();
        }
        finally
        {
            await fixture.Server.ExecuteAsync("drop tablespace \"fast disk\"");
            await fixture.Server.ExecuteAsync("alter role current_user reset allow_in_place_tablespaces");
        }
    }

    [Fact]
    public async Task Run_RoleMayNotReplicate_NamesTheStatement()
    {
        await fixture.Server.ExecuteAsync($"create role \"No\" login password '{PostgresServer.SuperuserPassword}'");
        _site.Jobs.Site.Settings["Servers__main__Username"] = "No";

        var failure = await Should.ThrowAsync<PgdrException>(() => _site.BackUpAsync());

        failure.Code.ShouldBe(ErrorCodes.PermissionMissing);
        failure.Message.ShouldEndWith("run: ALTER ROLE \"No\" REPLICATION;");
        _site.Jobs.FilesAnywhere().ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ARoleThatMayReplicateOnly_Suffices()
    {
        await fixture.Server.ExecuteAsync($"create role replicator login replication password '{PostgresServer.SuperuserPassword}'");
        _site.Jobs.Site.Settings["Servers__main__Username"] = "replicator";

        (await _site.BackUpAsync()).Status.ShouldBe(BackupStatus.Verified);
    }

    [Fact]
    public async Task RunIncremental_AServerThatIsTooOld_TakesNoneAndSaysSo()
    {
        var taken = await _site.BackUpIncrementallyAsync();

        taken.Backup.ShouldBeNull();
        taken.NotTaken.ShouldBe("Server 'main' has version 15 and incremental backups need 17: it gets whole base backups only.");
        _site.Jobs.FilesAnywhere().ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ToolIsMissing_NamesThePackage()
    {
        using var tools = new FakeTools(fixture.Server, "15.99");
        _site.Jobs.Site.Settings["POSTGRES_BIN"] = tools.Folder;

        (await _site.BackUpAsync().ShouldFailWithAsync(ErrorCodes.ToolMissing)).ShouldContain("pg_basebackup");
    }

    private static StorageException? Broken(string key) => key.EndsWith("data/000003.tink", StringComparison.Ordinal)
        ? new StorageException(ErrorCodes.TargetUnreachable, "x", "Target x is away: bring it back.")
        : null;

    private async Task<ulong> PositionAsync() => (ulong)await fixture.Server.ScalarAsync<decimal>("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
}
