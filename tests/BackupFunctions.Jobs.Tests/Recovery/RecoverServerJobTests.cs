using System.Globalization;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Wal;
using BackupFunctions.TestSupport;
using Npgsql;

namespace BackupFunctions.Jobs.Tests.Recovery;

public sealed class RecoverServerJobTests : IAsyncLifetime, IDisposable
{
    private const int Points = 5;

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
    public async Task Recover_ToRandomCommittedPoints_HasWhatHadBeenCommittedRowByRow()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token);
        await _site.Server.ExecuteAsync("create table t(i int primary key, v text)");
        var receiving = _site.ReceiveAsync(continuous: true, stop.Token);
        await TakeBaseAsync();
        var points = await WriteAsync(rows: 400);
        await SafeAsync(await _site.FlushedAsync());
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => receiving);
        var random = new Random(20261121);

        for (var point = 0; point < Points; point++)
        {
            var (rows, lsn, at) = points[random.Next(points.Count)];
            var byTime = point % 2 == 0;
            var recovered = await RecoverAsync(parameters => byTime ? parameters with { TargetTime = at } : parameters with { TargetLsn = lsn });

            Lsn.Parse(recovered.ReachedLsn).ShouldBeGreaterThanOrEqualTo(Lsn.Parse(lsn));
            (await RowsAsync(recovered)).ShouldBe(rows, $"recovered to {recovered.Target}");
        }

        var latest = await RecoverAsync(parameters => parameters);
        (await RowsAsync(latest)).ShouldBe(points[^1].Rows);
        latest.LogFiles.ShouldBeGreaterThan(0);
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

    /// <summary>Inserts, changes and deletes; after each, what is committed then.</summary>
    private async Task<IReadOnlyList<(IReadOnlyList<string> Rows, string Lsn, DateTimeOffset At)>> WriteAsync(int rows)
    {
        var random = new Random(7);
        var model = new SortedDictionary<int, string>();
        var points = new List<(IReadOnlyList<string>, string, DateTimeOffset)>();
        await using var connection = await _site.Server.OpenAsync();
        for (var number = 1; number <= rows; number++)
        {
            var value = random.Next().ToString(CultureInfo.InvariantCulture);
            var key = random.Next(1, 60);
            if (random.Next(4) == 0)
            {
                await ScalarAsync(connection, $"delete from t where i = {key} returning 1");
                model.Remove(key);
            }
            else
            {
                await ScalarAsync(connection, $"insert into t values ({key}, '{value}') on conflict (i) do update set v = excluded.v");
                model[key] = value;
            }

            if (number % 10 == 0)
            {
                var at = new DateTimeOffset((DateTime)(await ScalarAsync(connection, "select clock_timestamp()"))!);
                var lsn = (string)(await ScalarAsync(connection, "select pg_current_wal_insert_lsn()::text"))!;
                points.Add(([.. model.Select(row => $"{row.Key} {row.Value}")], lsn, at));
            }
        }

        return points;
    }

    private async Task SafeAsync(ulong position)
    {
        while (await _site.SlotAsync() < position)
        {
            await Task.Delay(50, _patience.Token);
        }
    }

    private async Task<IReadOnlyList<string>> RowsAsync(RecoverServerResult recovered)
    {
        await using var server = await RecoveredServer.StartAsync(_site.Server.Binaries, recovered.DataDirectory);
        return await server.RowsAsync("select i || ' ' || v from t order by i");
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
