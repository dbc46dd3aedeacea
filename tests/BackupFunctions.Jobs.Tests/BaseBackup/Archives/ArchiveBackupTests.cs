using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Recovery;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Jobs.Tests.Wal;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.Storage;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.BaseBackup.Archives;

/// <summary>Archives of a real server: their log is safe before they exist, and months later they have one point.</summary>
public sealed class ArchiveBackupTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(8));
    private readonly TemporaryFolder _folder = new();
    private WalSite _site = null!;
    private int _recoveries;

    public async Task InitializeAsync()
    {
        _site = await WalSite.StartAsync();
        await _site.Server.ExecuteAsync("create table t(i int primary key, v text); insert into t values (1, 'archived')");
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", _folder.Path);
        }
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    public void Dispose()
    {
        _folder.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Archive_NobodyReceivesTheLog_ReceivesWhatItNeedsAndLeavesNoSlot()
    {
        var archive = await ArchiveAsync();

        archive.Status.ShouldBe(BackupStatus.Verified, archive.StatusReason);
        using var reader = BackupReader.FromSettings(_site.Jobs.Environment);
        (await reader.Catalog.FindAsync(archive.BackupId, _patience.Token))!.Manifest.Archive.ShouldBeTrue();
        (await reader.Catalog.ListAsync(_patience.Token)).Backups.ShouldHaveSingleItem().Archive.ShouldBeTrue();
        (await _site.Server.ScalarAsync<long>("select count(*) from pg_replication_slots")).ShouldBe(0);
        var status = await StatusAsync();
        status.Problems.ShouldBeEmpty();
        status.Servers.ShouldHaveSingleItem().Windows.ShouldHaveSingleItem().EarliestLsn.ShouldBe(archive.StopLsn);
        await _site.Server.StopAsync();

        (await RowsAsync(await RecoverAsync(parameters => parameters))).ShouldBe(["1 archived"]);
    }

    [Fact]
    public async Task Archive_OfAServerWithAHistory_HasItsTimelineToo()
    {
        await _site.Server.SwitchTimelineAsync();
        await _site.Server.ExecuteAsync("insert into t values (2, 'on timeline 2')");

        var archive = await ArchiveAsync();
        await _site.Server.StopAsync();
        var recovered = await RecoverAsync(parameters => parameters with { Immediate = true });

        archive.Timeline.ShouldBe(2);
        recovered.Timeline.ShouldBe(2);
        (await RowsAsync(recovered)).ShouldBe(["1 archived", "2 on timeline 2"]);
    }

    [Fact]
    public async Task Archive_AReceiverHasItsLog_ReceivesNothingAgain()
    {
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        var epochs = -1;
        _site.Jobs.Reporter.OnPhase = phase =>
        {
            if (phase == "log")
            {
                _site.Jobs.Reporter.OnPhase = _ => { };
                Task.Run(() => _site.ReceiveAsync(cancellationToken: _patience.Token)).GetAwaiter().GetResult();
                epochs = Epochs();
            }
        };

        await ArchiveAsync();

        Epochs().ShouldBe(epochs);
    }

    [Fact]
    public async Task Archive_ReceivedOnTooFewTargets_ReceivesItAgain()
    {
        _site.Jobs.Site.Settings["BACKUP_REQUIRED_COPIES"] = "2";
        _site.Jobs.Reporter.OnPhase = phase =>
        {
            if (phase == "log")
            {
                _site.Jobs.Reporter.OnPhase = _ => { };
                _site.Jobs.Site.Settings["BACKUP_REQUIRED_COPIES"] = "1";
                _site.Jobs.Target("b").FailCreate = Away("b");
                _site.Jobs.Target("c").FailCreate = Away("c");
                Task.Run(() => _site.ReceiveAsync(cancellationToken: _patience.Token)).GetAwaiter().GetResult();
                _site.Jobs.Target("b").FailCreate = _ => null;
                _site.Jobs.Target("c").FailCreate = _ => null;
            }
        };

        var archive = await ArchiveAsync();

        var needed = WalSegmentName.Of(1, Lsn.Parse(archive.StartLsn), WalSite.SegmentSize);
        (await _site.ObjectsAsync("a")).Count(name => name.File == needed).ShouldBeGreaterThan(1);
        (await _site.ObjectsAsync("b")).Count(name => name.File == needed).ShouldBe(1);
    }

    [Fact]
    public async Task Archive_ItsConnectionBreaksWhileTheServerHasTheLog_GoesOn()
    {
        _site.Jobs.Reporter.OnPhase = phase => OnLog(phase);

        (await ArchiveAsync()).Status.ShouldBe(BackupStatus.Verified);
    }

    [Fact]
    public async Task Archive_TheServerHasRemovedItsLog_IsGivenUpAndLeavesNoBackup()
    {
        _site.Jobs.Reporter.OnPhase = phase => OnLog(
            phase,
            "alter system set max_wal_size = '32MB'", "select pg_reload_conf()",
            "create table filler as select md5(i::text) from generate_series(1, 100) i",
            "select pg_switch_wal()", "checkpoint", "insert into filler values ('')", "select pg_switch_wal()", "checkpoint", "insert into filler values ('')",
            "select pg_switch_wal()", "checkpoint", "insert into filler values ('')", "select pg_switch_wal()", "checkpoint");

        (await ArchiveAsync().ShouldFailWithAsync(ErrorCodes.WalMissing)).ShouldContain("could never be started");

        _site.Jobs.FilesAnywhere().Where(file => file.Contains("/backups/", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Archive_TargetsDoNotTakeItsLog_IsGivenUpAndLeavesNoBackup()
    {
        foreach (var target in _site.Jobs.Targets!)
        {
            target.FailCreate = key => key.Contains("/wal/", StringComparison.Ordinal) ? new StorageException(ErrorCodes.TargetUnreachable, "x", "Target x is away: bring it back.") : null;
        }

        await Should.ThrowAsync<StorageException>(() => ArchiveAsync());

        _site.Jobs.FilesAnywhere().Where(file => file.Contains("/backups/", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Recover_AnArchiveOfLongAgo_HasItsOwnPointAloneAndNoGap()
    {
        var archive = await ArchiveAsync();
        await _site.Server.ExecuteAsync("insert into t values (2, 'later')");
        await _site.WriteAsync(40);
        await _site.Server.SwitchTimelineAsync();
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        var stop = Lsn.Parse(archive.StopLsn);
        await RemoveLogAsync(name => WalSegmentName.StartOf(name.File, WalSite.SegmentSize) > stop && name.Timeline == 1);

        var status = await StatusAsync();
        status.Problems.ShouldBeEmpty();
        status.Servers[0].Holes.ShouldBeEmpty();
        var window = status.Servers[0].Windows.ShouldHaveSingleItem();
        (window.Archive, window.BackupId, window.EarliestLsn, window.LatestLsn).ShouldBe((true, archive.BackupId, archive.StopLsn, archive.StopLsn));

        foreach (var beyond in new Func<RecoverServerParameters, RecoverServerParameters>[]
        {
            parameters => parameters,
            parameters => parameters with { TargetTime = TimeProvider.System.GetUtcNow() },
            parameters => parameters with { TargetLsn = Lsn.Format(stop + (4UL * WalSite.SegmentSize)) },
            parameters => parameters with { TargetName = "somewhere" },
        })
        {
            var failure = await RecoverAsync(beyond).ShouldFailWithAsync(ErrorCodes.WalMissing);
            failure.ShouldContain($"its window of recovery is {archive.StopLsn} alone");
            failure.ShouldContain($"--backup {archive.BackupId} --immediate");
            Directory.Exists(_folder[$"data{_recoveries}"]).ShouldBeFalse();
        }

        (await RowsAsync(await RecoverAsync(parameters => parameters with { BackupId = archive.BackupId, Immediate = true }))).ShouldBe(["1 archived"]);
    }

    [Fact]
    public async Task Recover_AnArchiveWhoseLaterLogIsThere_IsABaseLikeAnyOther()
    {
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await ArchiveAsync();
        await _site.Server.ExecuteAsync("insert into t values (2, 'later')");
        await _site.WriteAsync(20);
        await _site.ReceiveAsync(cancellationToken: _patience.Token);

        (await RowsAsync(await RecoverAsync(parameters => parameters))).ShouldBe(["1 archived", "2 later"]);
        (await StatusAsync()).Servers[0].Windows.ShouldHaveSingleItem().Archive.ShouldBeFalse();
    }

    [Fact]
    public async Task Status_AnArchiveLostItsLog_NamesIt()
    {
        var archive = await ArchiveAsync();
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.WriteAsync(40);
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        var start = Lsn.Parse(archive.StartLsn) / WalSite.SegmentSize * WalSite.SegmentSize;

        await RemoveLogAsync(name => WalSegmentName.StartOf(name.File, WalSite.SegmentSize) == start);

        (await StatusAsync()).Problems.ShouldContain(problem => problem.StartsWith($"Archive {archive.BackupId} cannot be started:", StringComparison.Ordinal));
    }

    private Task<BaseBackupResult> ArchiveAsync() =>
        new BaseBackupJob(_site.Jobs.Environment, Path.Combine(_site.Jobs.Site.RunStore, "run", "state"))
            .RunAsync(new BaseBackupParameters("main", "test") { Archive = true }, _patience.Token);

    private async Task<RecoverServerResult> RecoverAsync(Func<RecoverServerParameters, RecoverServerParameters> change)
    {
        using var reader = BackupReader.FromSettings(_site.Jobs.Environment);
        var parameters = new RecoverServerParameters { Server = "main", DataDirectory = _folder[$"data{++_recoveries}"], RequestedBy = "test" };
        return await new RecoverServerJob(_site.Jobs.Environment, reader).RunAsync(change(parameters), _patience.Token);
    }

    private async Task<IReadOnlyList<string>> RowsAsync(RecoverServerResult recovered)
    {
        await using var server = await RecoveredServer.StartAsync(_site.Server.Binaries, recovered.DataDirectory);
        return await server.RowsAsync("select i || ' ' || v from t order by i");
    }

    private Task<WalStatusReport> StatusAsync() => new WalStatusQuery(_site.Jobs.Environment).RunAsync(_patience.Token);

    private async Task RemoveLogAsync(Func<WalObjectName, bool> goes)
    {
        foreach (var target in BackupSite.TargetNames)
        {
            foreach (var name in (await _site.ObjectsAsync(target)).Where(name => !name.IsHistory && goes(name)))
            {
                File.Delete(Directory.EnumerateFiles(_site.Jobs.Site.TargetFolder(target), name.ToString(), SearchOption.AllDirectories).Single());
            }
        }
    }

    private int Epochs() => _site.Jobs.FilesAnywhere("*.json").Count(file => file.Contains("/epochs/", StringComparison.Ordinal));

    private static Func<string, Exception?> Away(string target) => key => key.Contains("/wal/", StringComparison.Ordinal)
        ? new StorageException(ErrorCodes.TargetUnreachable, target, $"Target {target} is away: bring it back.")
        : null;

    /// <summary>Between the files and their log the connection that holds the slot ends, and then something happens.</summary>
    private void OnLog(string phase, params string[] statements)
    {
        if (phase == "log")
        {
            Task.Run(() => BreakAsync(statements)).GetAwaiter().GetResult();
        }
    }

    private async Task BreakAsync(string[] statements)
    {
        await _site.Server.ExecuteAsync("select pg_terminate_backend(active_pid) from pg_replication_slots");
        while (await _site.Server.ScalarAsync<long>("select count(*) from pg_replication_slots") > 0)
        {
            await Task.Delay(20, _patience.Token);
        }

        foreach (var statement in statements)
        {
            await _site.Server.ExecuteAsync(statement);
        }
    }
}
