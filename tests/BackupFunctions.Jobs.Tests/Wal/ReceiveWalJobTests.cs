using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Wal;

public sealed class ReceiveWalJobTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(2));
    private readonly TemporaryFolder _folder = new();
    private WalSite _site = null!;

    public async Task InitializeAsync() => _site = await WalSite.StartAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    public void Dispose()
    {
        _folder.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Receive_ATimedRun_MakesSafeWhatWasWrittenAndLetsTheServerHaveItsDisk()
    {
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.WriteAsync(40);
        var written = await _site.FlushedAsync();

        var result = await _site.ReceiveAsync(cancellationToken: _patience.Token);

        Lsn.Parse(result.SafeLsn!).ShouldBeGreaterThanOrEqualTo(written);
        result.Segments.ShouldBeGreaterThanOrEqualTo(2);
        result.Partials.ShouldBeLessThanOrEqualTo(1);
        result.FailedTargets.ShouldBeEmpty();
        await _site.SlotShouldComeToAsync(Lsn.Parse(result.SafeLsn!));
        foreach (var target in BackupSite.TargetNames)
        {
            (await _site.ObjectsAsync(target)).ShouldBe(await _site.ObjectsAsync("a"));
        }

        Directory.EnumerateFileSystemEntries(Path.Combine(_site.Jobs.Site.WorkFolder, "wal")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Receive_NothingNew_WritesNothing()
    {
        await _site.WriteAsync(1);
        var received = await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.SlotShouldComeToAsync(Lsn.Parse(received.SafeLsn!));
        var before = await _site.ObjectsAsync("a");
        var position = await _site.FlushedAsync();

        var result = await _site.ReceiveAsync(cancellationToken: _patience.Token);

        // A checkpoint may come in between; then there is something new.
        if (Lsn.Parse(result.ServerLsn!) == position)
        {
            (await _site.ObjectsAsync("a")).ShouldBe(before);
        }

        result.Segments.ShouldBe(0);
    }

    [Fact]
    public async Task Fetch_WhatWasReceived_IsTheServersOwnBytes()
    {
        await _site.WriteAsync(24);
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        using var reader = await _site.ReaderAsync();
        var partial = (await _site.ObjectsAsync("a")).Single(name => name.Form == WalForm.Partial);
        var whole = (await _site.ObjectsAsync("a")).Where(name => name.Form == WalForm.Segment).ToList();

        whole.ShouldNotBeEmpty();
        foreach (var name in whole)
        {
            (await reader.FetchAsync(name.File, _folder["segment"], withPartial: false, _patience.Token)).ShouldNotBeNull();
            IsServersOwn(_folder["segment"], name.File, WalSite.SegmentSize).ShouldBeTrue();
        }

        (await reader.FetchAsync(partial.File, _folder["partial"], withPartial: false, _patience.Token)).ShouldBeNull();
        var fetched = (await reader.FetchAsync(partial.File, _folder["partial"], withPartial: true, _patience.Token)).ShouldNotBeNull();
        new FileInfo(_folder["partial"]).Length.ShouldBe(WalSite.SegmentSize);
        IsServersOwn(_folder["partial"], partial.File, (int)fetched.Size).ShouldBeTrue();
        File.ReadAllBytes(_folder["partial"]).AsSpan((int)fetched.Size).ContainsAnyExcept((byte)0).ShouldBeFalse();
    }

    [Fact]
    public async Task Receive_Continuously_FollowsTheServerThroughARestart()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token);
        var receiving = _site.ReceiveAsync(continuous: true, stop.Token);
        await SafeAsync();
        await _site.WriteAsync(20);
        await SafeAsync();
        await _site.Server.StopAsync("fast");
        await _site.Server.StartAgainAsync();
        await _site.WriteAsync(1);
        await SafeAsync();

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => receiving);
        _site.Jobs.Reporter.Warnings.ShouldContain(warning => warning.Contains("goes on", StringComparison.Ordinal));

        async Task SafeAsync()
        {
            var written = await _site.FlushedAsync();
            while (await _site.Server.ScalarAsync<bool>("select not exists (select from pg_replication_slots where slot_name = 'pgdr')") || await _site.SlotAsync() < written)
            {
                receiving.IsFaulted.ShouldBeFalse(receiving.Exception?.ToString());
                await Task.Delay(50, _patience.Token);
            }
        }
    }

    [Fact]
    public async Task Receive_AfterATimelineSwitch_BothTimelinesAndTheHistoryAreStored()
    {
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.WriteAsync(2);
        await _site.Server.SwitchTimelineAsync();
        await _site.WriteAsync(20);
        var written = await _site.FlushedAsync();

        var result = await _site.ReceiveAsync(cancellationToken: _patience.Token);

        result.Timeline.ShouldBe(2);
        Lsn.Parse(result.SafeLsn!).ShouldBeGreaterThanOrEqualTo(written);
        using var reader = await _site.ReaderAsync();
        (await reader.FetchAsync("00000002.history", _folder["history"], withPartial: false, _patience.Token)).ShouldNotBeNull();
        (await File.ReadAllBytesAsync(_folder["history"])).ShouldBe(await File.ReadAllBytesAsync(Path.Combine(_site.Server.DataFolder, "pg_wal", "00000002.history")));
        var objects = await _site.ObjectsAsync("a");
        objects.Where(name => name.Timeline == 1).ShouldNotBeEmpty();
        foreach (var name in objects.Where(name => name is { Timeline: 2, Form: WalForm.Segment }))
        {
            await reader.FetchAsync(name.File, _folder["segment"], withPartial: false, _patience.Token);
            IsServersOwn(_folder["segment"], name.File, WalSite.SegmentSize).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Receive_OneTargetAway_GoesOnAndNamesIt()
    {
        _site.Jobs.Target("b").FailCreate = _ => new StorageException(ErrorCodes.TargetUnreachable, "b", "Target b is away.");
        await _site.WriteAsync(20);

        var result = await _site.ReceiveAsync(cancellationToken: _patience.Token);

        result.FailedTargets["b"].ShouldBe("Target b is away.");
        await _site.SlotShouldComeToAsync(Lsn.Parse(result.SafeLsn!));
        _site.Jobs.Reporter.Warnings.Count(warning => warning.Contains("Target b is away", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("away")]
    [InlineData("flips")]
    public async Task Receive_TooFewCopies_ConfirmsNothingAndSaysSo(string fault)
    {
        var received = await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.SlotShouldComeToAsync(Lsn.Parse(received.SafeLsn!));
        await _site.WriteAsync(20);
        var before = await _site.SlotAsync();
        foreach (var name in new[] { "a", "b" })
        {
            var target = _site.Jobs.Target(name);
            target.FailCreate = _ => fault == "away" ? new StorageException(ErrorCodes.TargetUnreachable, name, $"Target {name} is away.") : null;
            target.Flips = key => fault == "flips" && !key.Contains("epochs", StringComparison.Ordinal);
        }

        var failure = await Should.ThrowAsync<StorageException>(() => _site.ReceiveAsync(cancellationToken: _patience.Token));

        failure.Code.ShouldBe(ErrorCodes.CopiesMissing);
        (await _site.SlotAsync()).ShouldBe(before);
        _site.Jobs.Reporter.Warnings.ShouldContain(warning => warning.StartsWith("CRITICAL", StringComparison.Ordinal));
        _site.Jobs.Reporter.LastDetail.ShouldNotBeNull().ShouldStartWith("CRITICAL");
    }

    [Fact]
    public async Task Receive_AServerThatWouldKeepLogWithoutLimit_NeedsAWord()
    {
        await _site.Server.ExecuteAsync("alter system set max_slot_wal_keep_size = -1");
        await _site.Server.ExecuteAsync("select pg_reload_conf()");
        while (await _site.Server.ScalarAsync<string>("show max_slot_wal_keep_size") != "-1")
        {
            await Task.Delay(50, _patience.Token);
        }

        var failure = await Should.ThrowAsync<PgdrException>(() => _site.ReceiveAsync(cancellationToken: _patience.Token));
        _site.Jobs.Site.Settings["WAL_SLOT_UNLIMITED"] = "true";
        var result = await _site.ReceiveAsync(cancellationToken: _patience.Token);

        failure.Message.ShouldContain("max_slot_wal_keep_size");
        failure.Message.ShouldContain("WAL_SLOT_UNLIMITED");
        result.SafeLsn.ShouldNotBeNull();
    }

    private bool IsServersOwn(string fetched, string name, int length) =>
        File.ReadAllBytes(fetched).AsSpan(0, length).SequenceEqual(File.ReadAllBytes(Path.Combine(_site.Server.DataFolder, "pg_wal", name)).AsSpan(0, length));
}
