using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Restore.Physical;
using BackupFunctions.Jobs.Restore.Physical.Tablespaces;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Jobs.Tests.BaseBackup;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Jobs.Tests.Wal;
using BackupFunctions.Postgres.BaseBackup;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.Storage;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Recovery;

public sealed class TablespaceRecoveryTests(SpaciousServer fixture) : IClassFixture<SpaciousServer>
{
    [Fact]
    public async Task Recover_WithAMap_RowsOfEveryTablespaceAreThereAndTheOldPlacesAreLeft()
    {
        var (directory, map) = (fixture.NewPath(), NewMap());

        var recovered = await fixture.RecoverAsync(directory, map);

        recovered.Tablespaces.ShouldBe([map[fixture.Locations[0]], map[fixture.Locations[1]]]);
        Directory.GetFileSystemEntries(Path.Combine(directory, "pg_tblspc")).Select(link => new FileInfo(link).LinkTarget).ShouldBe(map.Values, ignoreOrder: true);
        await using (var server = await RecoveredServer.StartAsync(fixture.Site.Server.Binaries, directory))
        {
            (await server.RowsAsync(SpaciousServer.Rows)).ShouldBe(SpaciousServer.Expected);
            (await server.RowsAsync("select count(distinct v)::text from large")).ShouldBe(["20000"]);
            (await server.RowsAsync("select pg_tablespace_location(oid) from pg_tablespace where spcname !~ '^pg_'")).ShouldBe(map.Values, ignoreOrder: true);
        }

        (await fixture.Site.Server.ScalarAsync<long>("select (select count(*) from one) + (select count(*) from two) + (select count(*) from main)")).ShouldBe(6);
    }

    [Fact]
    public void BackUp_FurtherTablespaces_IsVerifiedAndStagesNothingAfterwards()
    {
        fixture.Base.Status.ShouldBe(BackupStatus.Verified, fixture.Base.StatusReason);
        Directory.EnumerateFileSystemEntries(Path.Combine(fixture.Site.Jobs.Environment.Settings.WorkPath, "bases")).ShouldBeEmpty();
    }

    [Fact]
    public async Task RecoverOneDatabase_FurtherTablespaces_GoIntoItsOwnWorkFolder()
    {
        var jobs = fixture.Site.Jobs;
        using var reader = BackupReader.FromSettings(jobs.Environment);
        var path = new RecoveryPath("main", new WantedPoint(Time: null, fixture.End), 1, fixture.End);

        var fetched = await new RecoverDatabaseJob(jobs.Environment, reader).RunAsync(
            new RecoverDatabaseParameters("spacious", fixture.Base.BackupId, "postgres", path), CancellationToken.None);

        fetched.Point!.Lsn.ShouldBe(fixture.End);
        var rows = await File.ReadAllTextAsync(Directory.EnumerateFiles(jobs.Environment.Settings.WorkPath, "toc.dat", SearchOption.AllDirectories).Single());
        rows.ShouldContain("large");
        Directory.EnumerateDirectories(jobs.Environment.Settings.WorkPath, "tablespaces", SearchOption.AllDirectories).ShouldBeEmpty();
        await new DiscardRestoreJob(jobs.Environment).RunAsync(new DiscardRestoreParameters("spacious"), CancellationToken.None);
    }

    [Fact]
    public async Task Recover_WithoutAMapBesideTheOldServer_IsRefusedBeforeAnythingIsTouched()
    {
        var directory = fixture.NewPath();

        (await fixture.RecoverAsync(directory).ShouldFailWithAsync(ErrorCodes.DatabaseExists)).ShouldContain($"--tablespace-map {fixture.Locations[0]}=NEW");
        (await fixture.RecoverAsync(directory, NewMap().Take(1).ToDictionary(StringComparer.Ordinal)).ShouldFailWithAsync(ErrorCodes.DatabaseExists)).ShouldContain($"--tablespace-map {fixture.Locations[1]}=NEW");

        Directory.Exists(directory).ShouldBeFalse();
    }

    [Fact]
    public async Task Recover_LocationsThatCannotBe_AreRefusedBeforeAnythingIsTouched()
    {
        var directory = fixture.NewPath();
        var (old, map) = (fixture.Locations[0], NewMap());

        await RefuseAsync(new(map, StringComparer.Ordinal) { [old] = "relative" }, "absolute");
        await RefuseAsync(new(map, StringComparer.Ordinal) { [old] = directory + "/inside" }, "one within the other");
        await RefuseAsync(new(map, StringComparer.Ordinal) { [old] = Path.GetDirectoryName(directory)! }, "one within the other");
        await RefuseAsync(new(map, StringComparer.Ordinal) { [old] = map[fixture.Locations[1]] + "/" }, "one within the other");
        await RefuseAsync(new(map, StringComparer.Ordinal) { ["/nowhere"] = fixture.NewPath() }, "no tablespace at /nowhere");

        async Task RefuseAsync(Dictionary<string, string> wanted, string because)
        {
            (await fixture.RecoverAsync(directory, wanted).ShouldFailWithAsync(ErrorCodes.InvalidSettings)).ShouldContain(because);
            Directory.Exists(directory).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Recover_WithDelta_IsRefused() =>
        (await fixture.RecoverAsync(fixture.NewPath(), NewMap(), delta: true).ShouldFailWithAsync(ErrorCodes.TablespacesRefused)).ShouldContain("leave out --delta");

    [Fact]
    public async Task Restore_ThatWasInterrupted_GoesOnWithTheSameMapAlone()
    {
        var (directory, map) = (fixture.NewPath(), NewMap());
        var jobs = fixture.Site.Jobs;
        using var reader = BackupReader.FromSettings(jobs.Environment);
        using var interruption = new CancellationTokenSource();
        jobs.Reporter.OnPhase = phase => (phase is "verify" ? interruption : null)?.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => RestoreAsync(map, interruption.Token));
        jobs.Reporter.OnPhase = _ => { };

        (await RestoreAsync(NewMap(), CancellationToken.None).ShouldFailWithAsync(ErrorCodes.DatabaseExists)).ShouldContain("same --tablespace-map");
        var restored = await RestoreAsync(map, CancellationToken.None);

        restored.Reused.ShouldBeGreaterThan(0);
        (await File.ReadAllTextAsync(Path.Combine(directory, "tablespace_map"))).ShouldContain(map[fixture.Locations[0]] + "\n");

        Task<PhysicalRestoreResult> RestoreAsync(Dictionary<string, string> moved, CancellationToken token) => PhysicalRestore.RunAsync(
            jobs.Environment, reader, fixture.Base.BackupId, directory, new TablespaceMapping { Moved = moved }, token);
    }

    [Fact]
    public async Task BackUp_TooFewTargetsTakeIt_LeavesNothingStaged()
    {
        using var site = new BaseSite(fixture.Site.Server, fixture.Site.Keys);
        site.Jobs.Site.Settings["BACKUP_REQUIRED_COPIES"] = "3";
        site.Jobs.Target("a").FailCreate = key => key.EndsWith("data/000003.tink", StringComparison.Ordinal)
            ? new StorageException(ErrorCodes.TargetUnreachable, "a", "Target a is away: bring it back.")
            : null;

        await Should.ThrowAsync<StorageException>(() => site.BackUpAsync());

        site.Jobs.FilesAnywhere().ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(Path.Combine(site.Jobs.Environment.Settings.WorkPath, "bases")).ShouldBeEmpty();
    }

    [Fact]
    public async Task BackUp_TheToolFailsInTheMiddleOfATar_SaysWhatTheToolSays()
    {
        using var tools = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(fixture.Site.Server.Binaries))
        {
            File.CreateSymbolicLink(tools[Path.GetFileName(file)], file);
        }

        var tool = tools[PgTools.PgBaseBackupName];
        File.Delete(tool);
        await File.WriteAllTextAsync(tool, $$"""
            #!/bin/sh
            [ "$1" = --version ] && exec {{fixture.Site.Server.Binaries}}/pg_basebackup --version
            for argument; do case "$argument" in --pgdata=*) folder=${argument#--pgdata=};; esac; done
            head -c 700 /dev/urandom > "$folder/16384.tar"
            echo 'pg_basebackup: error: could not write to file "16384.tar": No space left on device' >&2
            exit 1

            """);
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var site = new BaseSite(fixture.Site.Server, fixture.Site.Keys);
        site.Jobs.Site.Settings["POSTGRES_BIN"] = tools.Path;

        await site.BackUpAsync().ShouldFailWithAsync(ErrorCodes.DiskFull);

        site.Jobs.FilesAnywhere().ShouldBeEmpty();
    }

    [Fact]
    public async Task Prepare_NoRoomForWhatMayPileUp_IsRefusedAndNamesTheSetting()
    {
        using var site = new BaseSite(fixture.Site.Server, fixture.Site.Keys);
        var settings = site.Jobs.Environment.Settings;
        var server = ServerConnections.Named(settings, "main");
        var examined = await BaseBackupServer.ExamineAsync(server, TimeProvider.System, CancellationToken.None);
        var warnings = new List<string>();

        Should.Throw<PgdrException>(() => BaseStaging.Prepare(settings, server, examined with { Bytes = long.MaxValue }, isIncremental: false, warnings.Add)).Message.ShouldContain("WORK_PATH");
        Should.Throw<PgdrException>(() => BaseStaging.Prepare(settings, server, examined, isIncremental: true, warnings.Add)).Code.ShouldBe(ErrorCodes.TablespacesRefused);
        BaseStaging.Prepare(settings, server, examined with { Tablespaces = [] }, isIncremental: true, warnings.Add).ShouldBeNull();
        warnings.ShouldBeEmpty();
        BaseStaging.Prepare(settings, server, examined with { Bytes = null }, isIncremental: false, warnings.Add).ShouldNotBeNull();
        warnings.ShouldHaveSingleItem().ShouldContain("pg_read_all_stats");
    }

    [Fact]
    public async Task RecoverOneDatabase_TheLogMakesATablespaceInTheLiveServersDirectory_IsRefusedAndTouchesNothingThere()
    {
        await using var site = await WalSite.StartAsync();
        using var folder = new TemporaryFolder();
        var late = folder["late"];
        Directory.CreateDirectory(late);
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", folder.Path, late);
            File.SetUnixFileMode(site.Jobs.Site.Folder, File.GetUnixFileMode(site.Jobs.Site.Folder) | UnixFileMode.OtherExecute);
        }

        await site.Server.ExecuteAsync("create table t(i int); insert into t values (1)");
        await site.ReceiveAsync();
        var backup = await new BaseBackupJob(site.Jobs.Environment, Path.Combine(site.Jobs.Site.RunStore, "base", "state")).RunAsync(new BaseBackupParameters("main", "test"), CancellationToken.None);
        await site.Server.ExecuteAsync($"create tablespace late location '{late}'");
        await site.Server.ExecuteAsync("create table in_late tablespace late as select 3 i");
        var end = (await site.Server.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"))!;
        await site.ReceiveAsync();
        await site.Server.ExecuteAsync("checkpoint");
        var before = Files();
        using var reader = BackupReader.FromSettings(site.Jobs.Environment);
        var job = new RecoverDatabaseJob(site.Jobs.Environment, reader);

        var refused = await job.RunAsync(
            new RecoverDatabaseParameters("spacious", backup.BackupId, "postgres", new RecoveryPath("main", new WantedPoint(Time: null, end), 1, end)), CancellationToken.None)
            .ShouldFailWithAsync(ErrorCodes.TablespacesRefused);

        refused.ShouldContain(late);
        Files().ShouldBe(before);
        (await site.Server.ScalarAsync<int>("select i from in_late")).ShouldBe(3);
        await new DiscardRestoreJob(site.Jobs.Environment).RunAsync(new DiscardRestoreParameters("spacious"), CancellationToken.None);

        string[] Files() => [.. Directory.EnumerateFileSystemEntries(late, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}")];
    }

    private Dictionary<string, string> NewMap() => fixture.Locations.ToDictionary(old => old, _ => fixture.NewPath(), StringComparer.Ordinal);
}
