using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Jobs.Tests.Wal;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.Jobs.Wal.Upkeep;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>A real server's log on two folders and on a bucket with versions, from the first base backup to the day when its log is gone.</summary>
public sealed class ExpiredLogTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>, IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(8));
    private readonly FakeClock _later = new(TimeProvider.System.GetUtcNow().AddDays(40));
    private readonly TemporaryFolder _folder = new();
    private string _bucket = null!;
    private WalSite _site = null!;
    private int _recoveries;

    public async Task InitializeAsync()
    {
        _site = await WalSite.StartAsync();
        _bucket = await gateway.Gateway.CreateBucketAsync(withObjectLock: true);
        var settings = _site.Jobs.Site.Settings;
        settings.Remove("Targets__c__Path");
        foreach (var (key, value) in new[]
        {
            ("Type", "s3"), ("Endpoint", gateway.Gateway.Endpoint), ("Region", gateway.Gateway.Region), ("Bucket", _bucket),
            ("AccessKey", gateway.Gateway.AccessKey), ("SecretKey", gateway.Gateway.SecretKey), ("Profile", "ceph"),
        })
        {
            settings[$"Targets__c__{key}"] = value;
        }

        foreach (var target in BackupSite.TargetNames)
        {
            settings[$"RETENTION_DAYS_{target.ToUpperInvariant()}"] = "30";
        }

        _site.Jobs.Targets = null;
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
    public async Task Cleanup_OldBaseAndItsLog_AreGoneEverywhereAndTheNewerBaseStillRecoversToAPoint()
    {
        await _site.Server.ExecuteAsync("create table t(i int primary key, v text)");
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        var old = await TakeBaseAsync();
        await WriteSegmentsAsync();
        var between = await LsnAsync();
        await WriteSegmentsAsync();
        var young = await TakeBaseAsync();
        await _site.Server.ExecuteAsync("insert into t values (1, 'kept')");
        var point = await LsnAsync();
        await _site.Server.ExecuteAsync("insert into t values (2, 'later')");
        await _site.ReceiveAsync(cancellationToken: _patience.Token);

        // The old base is held: what it needs to become consistent stays, and what lies between it and the other goes.
        await new BackupHold(EnvironmentOf(_later)).RunAsync(old.BackupId, _later.GetUtcNow().AddDays(20), "test", _patience.Token);
        (await CleanUpAsync(0)).WalDeleted.ShouldBe(0);
        (await CleanUpAsync(15)).WalDeleted.ShouldBeGreaterThan(0);
        await ShouldBeHealthyAsync();
        (await RecoverAsync(parameters => parameters with { BackupId = old.BackupId, Immediate = true })).BackupId.ShouldBe(old.BackupId);
        var failure = await Should.ThrowAsync<PgdrException>(() => RecoverAsync(parameters => parameters with { BackupId = old.BackupId, TargetLsn = between }));
        failure.Code.ShouldBe(ErrorCodes.WalMissing);
        failure.Message.ShouldStartWith("Retention has let the log go from");
        failure.Message.ShouldContain("It can be recovered from");

        // Its tombstone, its deletion, the grace of its log.
        await CleanUpAsync(6);
        await CleanUpAsync(15);
        var last = await CleanUpAsync(15);

        last.WalDeleted.ShouldBeGreaterThan(0);
        await ShouldBeHealthyAsync();
        var first = WalSegmentName.Of(1, Lsn.Parse(young.StartLsn), WalSite.SegmentSize);
        foreach (var target in new[] { "a", "b" })
        {
            (await _site.ObjectsAsync(target)).ShouldAllBe(name => name.IsHistory || string.CompareOrdinal(name.File, first) >= 0);
        }

        using var client = gateway.Gateway.Client();
        var timeline = StorageKeys.WalTimeline(BackupSite.Cluster, await _site.SystemAsync(), 1);
        var versions = (await client.ListVersionsAsync(_bucket, timeline, _patience.Token)).Versions;
        versions.Select(version => version.Key[timeline.Length..]).Where(name => name.StartsWith("00000001", StringComparison.Ordinal)).ShouldAllBe(name => string.CompareOrdinal(name, first) >= 0);
        (await client.ListVersionsAsync(_bucket, StorageKeys.Backup(BackupSite.Cluster, old.BackupId), _patience.Token)).Versions.Count.ShouldBe(2);
        var recovered = await RecoverAsync(parameters => parameters with { TargetLsn = point });
        await using (var server = await RecoveredServer.StartAsync(_site.Server.Binaries, recovered.DataDirectory))
        {
            (await server.RowsAsync("select i || ' ' || v from t order by i")).ShouldBe(["1 kept"]);
        }

        (await Should.ThrowAsync<PgdrException>(() => RecoverAsync(parameters => parameters with { TargetLsn = between }))).Message.ShouldContain("before the window of recovery");
    }

    private async Task WriteSegmentsAsync()
    {
        for (var segment = 0; segment < 2; segment++)
        {
            await _site.WriteAsync(1);
            await _site.Server.ExecuteAsync("select pg_switch_wal()");
        }

        await _site.ReceiveAsync(cancellationToken: _patience.Token);
    }

    private Task<BaseBackupResult> TakeBaseAsync() => new BaseBackupJob(_site.Jobs.Environment, Path.Combine(_site.Jobs.Site.RunStore, "base", "state"))
        .RunAsync(new BaseBackupParameters("main", "test"), _patience.Token);

    private async Task<CleanupResult> CleanUpAsync(int afterDays)
    {
        _later.Advance(TimeSpan.FromDays(afterDays));
        var result = (await new CleanupJob(EnvironmentOf(_later)).RunAsync(new CleanupParameters("test"), _patience.Token)).Result;
        result.Problems.ShouldBeEmpty();
        return result;
    }

    /// <summary>Status and hourly check find nothing to say, and nothing is copied back.</summary>
    private async Task ShouldBeHealthyAsync()
    {
        var environment = EnvironmentOf(_later);
        var status = await new WalStatusQuery(environment).RunAsync(_patience.Token);
        status.Problems.ShouldBeEmpty();
        status.Servers.ShouldHaveSingleItem().ShouldSatisfyAllConditions(server => server.Holes.ShouldBeEmpty(), server => server.Windows.ShouldNotBeEmpty());
        var check = await new LogCheck(environment, environment.OpenTargets(), KeyLoader.Verification(environment.Settings.Keys))
            .RunAsync(new VerifyCopiesParameters("test") { All = true, Repair = true }, _patience.Token);
        check!.ShouldSatisfyAllConditions(result => result.Problems.ShouldBeEmpty(), result => result.Success.ShouldBeTrue(), result => result.Copied.ShouldBe(0), result => result.Missing.ShouldBe(0));
    }

    private async Task<RecoverServerResult> RecoverAsync(Func<RecoverServerParameters, RecoverServerParameters> change)
    {
        var environment = EnvironmentOf(TimeProvider.System);
        using var reader = BackupReader.FromSettings(environment);
        var parameters = new RecoverServerParameters { Server = "main", DataDirectory = _folder[$"data{++_recoveries}"], RequestedBy = "test" };
        return await new RecoverServerJob(environment, reader).RunAsync(change(parameters), _patience.Token);
    }

    private JobEnvironment EnvironmentOf(TimeProvider time)
    {
        _site.Jobs.Time = time;
        var environment = _site.Jobs.Environment;
        _site.Jobs.Time = TimeProvider.System;
        return environment;
    }

    private async Task<string> LsnAsync() => (await _site.Server.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"))!;
}
