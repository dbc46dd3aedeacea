using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.Storage;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Wal;

/// <summary>Slots that are gone: what is lost is recorded, what is not goes on.</summary>
public sealed class GapTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(4));
    private WalSite _site = null!;

    public async Task InitializeAsync() => _site = await WalSite.StartAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task Receive_TheSlotWasLost_RecordsTheGapAndGoesOnFromHere()
    {
        var safe = (await _site.ReceiveAsync(cancellationToken: _patience.Token)).SafeLsn;
        await _site.LoseSlotAsync(_patience.Token);
        await _site.WriteAsync(1);
        var written = await _site.FlushedAsync();

        var result = await _site.ReceiveAsync(cancellationToken: _patience.Token);

        Lsn.Parse(result.SafeLsn!).ShouldBeGreaterThanOrEqualTo(written);
        var gap = result.Gaps.ShouldHaveSingleItem();
        (gap.FromLsn, gap.Cause, gap.FromTimeline).ShouldBe((safe, WalGapCause.SlotLost, 1));
        _site.Jobs.Reporter.BasesNeeded.ShouldBe([gap.Id]);
        _site.Jobs.Reporter.Warnings.ShouldContain(warning => warning.StartsWith("CRITICAL: The log has a gap", StringComparison.Ordinal));
        var status = await new WalStatusQuery(_site.Jobs.Environment).RunAsync(_patience.Token);
        status.Servers.ShouldHaveSingleItem().Gaps.ShouldHaveSingleItem().ShouldBe(gap);
        var ranges = status.Servers[0].Ranges;
        ranges.Count.ShouldBe(2);
        (ranges[0].EndLsn, ranges[1].StartLsn).ShouldBe((gap.FromLsn, gap.ToLsn));
        status.Problems.ShouldHaveSingleItem().ShouldStartWith("GAP");

        (await _site.ReceiveAsync(cancellationToken: _patience.Token)).Gaps.ShouldBeEmpty("it is once for each gap, not for each run");
        _site.Jobs.Reporter.BasesNeeded.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Receive_TheSlotWasDroppedAndTheServerHasItsLog_NothingIsMissing()
    {
        await _site.Server.ExecuteAsync("alter system set wal_keep_size = '1GB'");
        await _site.Server.ExecuteAsync("select pg_reload_conf()");
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.WriteAsync(40);
        await _site.Server.ExecuteAsync("checkpoint");
        await _site.Server.DropSlotAsync("pgdr");
        await _site.WriteAsync(2);

        var result = await _site.ReceiveAsync(cancellationToken: _patience.Token);

        result.Gaps.ShouldBeEmpty();
        var status = await new WalStatusQuery(_site.Jobs.Environment).RunAsync(_patience.Token);
        status.Problems.ShouldBeEmpty();
        status.Servers.ShouldHaveSingleItem().Ranges.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Receive_ACrashAfterTheNewSlotWasMade_FindsTheSameGapAgain()
    {
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.LoseSlotAsync(_patience.Token);
        foreach (var name in new[] { "a", "b" })
        {
            _site.Jobs.Target(name).FailCreate = _ => new StorageException(ErrorCodes.TargetUnreachable, name, $"Target {name} is away.");
        }

        await Should.ThrowAsync<StorageException>(() => _site.ReceiveAsync(cancellationToken: _patience.Token));
        (await _site.Server.ScalarAsync<string>("select wal_status from pg_replication_slots where slot_name = 'pgdr'")).ShouldBe("reserved");
        foreach (var name in new[] { "a", "b" })
        {
            _site.Jobs.Target(name).FailCreate = _ => null;
        }

        var gap = (await _site.ReceiveAsync(cancellationToken: _patience.Token)).Gaps.ShouldHaveSingleItem();

        _site.Jobs.Reporter.BasesNeeded.Distinct(StringComparer.Ordinal).ShouldHaveSingleItem().ShouldBe(gap.Id);
        (await new WalStatusQuery(_site.Jobs.Environment).RunAsync(_patience.Token)).Servers.ShouldHaveSingleItem().Gaps.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Receive_TooFewTargetsTellWhatTheyHave_IsNoGap()
    {
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.LoseSlotAsync(_patience.Token);
        foreach (var name in new[] { "a", "b" })
        {
            _site.Jobs.Target(name).FailOpen = _ => new StorageException(ErrorCodes.TargetUnreachable, name, $"Target {name} is away.");
        }

        await Should.ThrowAsync<StorageException>(() => _site.ReceiveAsync(cancellationToken: _patience.Token));

        _site.Jobs.Reporter.BasesNeeded.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReceiveContinuously_TheSlotIsLostMeanwhile_GoesOnBehindTheGap()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token);
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.LoseSlotAsync(_patience.Token);
        var receiving = _site.ReceiveAsync(continuous: true, stop.Token);
        while (_site.Jobs.Reporter.BasesNeeded.IsEmpty)
        {
            receiving.IsFaulted.ShouldBeFalse(receiving.Exception?.ToString());
            await Task.Delay(50, _patience.Token);
        }

        var written = await _site.FlushedAsync();
        while (await _site.SlotAsync() < written)
        {
            receiving.IsFaulted.ShouldBeFalse(receiving.Exception?.ToString());
            await Task.Delay(50, _patience.Token);
        }

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => receiving);
    }

    [Fact]
    public async Task ReceiveContinuously_TheServerRestartsLongAfterTheBeginning_IsNoGap()
    {
        await _site.Server.ExecuteAsync("alter system set max_wal_size = '32MB'");
        await _site.Server.ExecuteAsync("select pg_reload_conf()");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token);
        var receiving = _site.ReceiveAsync(continuous: true, stop.Token);
        while (await _site.Server.ScalarAsync<bool>("select not exists (select from pg_replication_slots where slot_name = 'pgdr')"))
        {
            await Task.Delay(50, _patience.Token);
        }

        // What was there at the beginning is removed by the server, rightly.
        for (var i = 0; i < 3; i++)
        {
            await _site.WriteAsync(40);
            await SafeAsync();
            await _site.Server.ExecuteAsync("checkpoint");
        }

        await _site.Server.StopAsync("fast");
        await _site.Server.StartAgainAsync();
        await _site.WriteAsync(1);
        await SafeAsync();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => receiving);

        _site.Jobs.Reporter.BasesNeeded.ShouldBeEmpty();
        (await new WalStatusQuery(_site.Jobs.Environment).RunAsync(_patience.Token)).Problems.ShouldBeEmpty();

        async Task SafeAsync()
        {
            var written = await _site.FlushedAsync();
            while (await _site.SlotAsync() < written)
            {
                receiving.IsFaulted.ShouldBeFalse(receiving.Exception?.ToString());
                await Task.Delay(50, _patience.Token);
            }
        }
    }

    [Fact]
    public async Task Receive_AfterAFailoverToANodeWithoutTheSlot_TheGapSpansTheTimelines()
    {
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.WriteAsync(2);
        await _site.Server.DropSlotAsync("pgdr");
        await _site.Server.ExecuteAsync("alter system set max_wal_size = '32MB'");
        await _site.Server.SwitchTimelineAsync();
        for (var i = 0; i < 4; i++)
        {
            await _site.WriteAsync(40);
            await _site.Server.ExecuteAsync("select pg_switch_wal()");
            await _site.Server.ExecuteAsync("checkpoint");
        }

        var result = await _site.ReceiveAsync(cancellationToken: _patience.Token);

        var gap = result.Gaps.ShouldHaveSingleItem();
        (gap.FromTimeline, gap.ToTimeline, gap.Cause).ShouldBe((1, 2, WalGapCause.SlotMissing));
        (await new WalStatusQuery(_site.Jobs.Environment).RunAsync(_patience.Token)).Problems.ShouldHaveSingleItem().ShouldContain("of timeline 1 to");
    }
}
