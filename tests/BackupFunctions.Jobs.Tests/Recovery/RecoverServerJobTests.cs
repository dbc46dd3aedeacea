using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Wal;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Recovery;

public sealed class RecoverServerJobTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(8));
    private readonly TemporaryFolder _folder = new();
    private WalSite _site = null!;
    private int _recoveries;

    public async Task InitializeAsync()
    {
        _site = await WalSite.StartAsync();
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
    public async Task Recover_BeforeAndAfterATimelineSwitch_EitherHistoryIsThere()
    {
        await _site.Server.ExecuteAsync("create table t(i int primary key, v text)");
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await TakeBaseAsync();
        await _site.Server.ExecuteAsync("insert into t values (1, 'before')");
        var before = await LsnAsync();
        await _site.Server.SwitchTimelineAsync();
        await _site.Server.ExecuteAsync("insert into t values (2, 'after')");
        var received = await _site.ReceiveAsync(cancellationToken: _patience.Token);

        var first = await RecoverAsync(parameters => parameters with { TargetLsn = before });
        var veryEnd = await RecoverAsync(parameters => parameters with { TargetLsn = received.SafeLsn });
        var second = await RecoverAsync(parameters => parameters);
        var older = await RecoverAsync(parameters => parameters with { Timeline = 1 });

        (await RowsAsync(first)).ShouldBe(["1 before"]);
        (await RowsAsync(second)).ShouldBe(["1 before", "2 after"]);
        second.Timeline.ShouldBe(2);
        (await RowsAsync(veryEnd)).ShouldBe(["1 before", "2 after"]);
        (await RowsAsync(older)).ShouldBe(["1 before"]);
        older.Timeline.ShouldBe(1);
    }

    [Fact]
    public async Task Recover_WithASegmentGone_NamesTheNewestPointAndTouchesNothing()
    {
        await _site.Server.ExecuteAsync("create table t(i int primary key, v text)");
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await TakeBaseAsync();
        await _site.WriteAsync(60);
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        var gone = (await _site.ObjectsAsync("a")).Where(name => name.Form == WalForm.Segment).SkipLast(1).Last();
        foreach (var file in BackupSite.TargetNames.SelectMany(target => Directory.EnumerateFiles(_site.Jobs.Site.TargetFolder(target), gone.ToString(), SearchOption.AllDirectories)).ToList())
        {
            File.Delete(file);
        }

        var failure = await Should.ThrowAsync<PgdrException>(() => RecoverAsync(parameters => parameters));

        failure.Code.ShouldBe(ErrorCodes.WalMissing);
        failure.Message.ShouldContain(Lsn.Format(WalSegmentName.StartOf(gone.File, WalSite.SegmentSize)));
        Directory.Exists(_folder[$"data{_recoveries}"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Recover_BeforeTheFirstBase_NamesTheFirstPoint()
    {
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await TakeBaseAsync();

        var failure = await Should.ThrowAsync<PgdrException>(() => RecoverAsync(parameters => parameters with { TargetTime = TimeProvider.System.GetUtcNow().AddDays(-1) }));

        failure.Code.ShouldBe(ErrorCodes.BackupUnknown);
        failure.Message.ShouldContain("the first point that can be reached is");
    }

    private Task TakeBaseAsync() =>
        new BaseBackupJob(_site.Jobs.Environment, Path.Combine(_site.Jobs.Site.RunStore, "base", "state")).RunAsync(new BaseBackupParameters("main", "test"), _patience.Token);

    private async Task<RecoverServerResult> RecoverAsync(Func<RecoverServerParameters, RecoverServerParameters> change)
    {
        var environment = _site.Jobs.Environment;
        using var reader = BackupReader.FromSettings(environment);
        var parameters = new RecoverServerParameters { Server = "main", DataDirectory = _folder[$"data{++_recoveries}"], RequestedBy = "test" };
        return await new RecoverServerJob(environment, reader).RunAsync(change(parameters), _patience.Token);
    }

    private async Task<string> LsnAsync() => (await _site.Server.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"))!;

    private async Task<IReadOnlyList<string>> RowsAsync(RecoverServerResult recovered)
    {
        await using var server = await RecoveredServer.StartAsync(_site.Server.Binaries, recovered.DataDirectory);
        return await server.RowsAsync("select i || ' ' || v from t order by i");
    }
}
