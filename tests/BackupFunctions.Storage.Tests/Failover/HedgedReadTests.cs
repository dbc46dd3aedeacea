using BackupFunctions.Storage.Failover;
using BackupFunctions.Storage.Tests.Faults;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Storage.Tests.Failover;

public sealed class HedgedReadTests : IDisposable
{
    private const int Size = 1_000_000;

    private readonly LocalTargets _targets = new();
    private readonly byte[] _content = Bytes.Random(Size);
    private readonly List<FailoverEvent> _events = [];
    private readonly FakeClock _clock = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _targets.Dispose();

    [Fact]
    public async Task Target_SlowToOpen_IsOvertakenByTheNextAndLeftBehindCleanly()
    {
        var reader = await ReaderAsync();
        var late = new TaskCompletionSource();
        _targets.R2.OpenWaitsFor = late.Task;

        var opening = reader.OpenAsync("object", Size, CancellationToken.None);
        (await _clock.NextWaitAsync()).ShouldBe(TimeSpan.FromSeconds(2));
        _targets.B2.OpenedAt.ShouldBeEmpty();
        await Until.EndedAsync(opening, () => _clock.Advance(TimeSpan.FromSeconds(2)));
        await using var stream = await opening;

        (await stream.AllAsync()).ShouldEqual(_content);
        stream.TargetsUsed.ShouldBe(["b2"]);
        _events.ShouldBe([new FailoverEvent("r2", "b2", "object", 0, "Target r2 is slow: nothing of object came within 2 s.")]);
        late.SetResult();
        await NothingIsOpenAsync(stream);
    }

    [Fact]
    public async Task Target_SlowInTheMiddle_IsOvertakenAtTheSameByte()
    {
        var reader = await ReaderAsync();
        var (reached, late) = HangAt(_targets.R2, 300_000);
        _targets.R2.ReadLimit = 300_000;
        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);
        var buffer = new byte[Size];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 300_000));

        var reading = stream.ReadExactlyAsync(buffer.AsMemory(300_000)).AsTask();
        await reached;
        await Until.EndedAsync(Task.WhenAny(reading, Until.TrueAsync(() => _events.Count > 0)), () => _clock.Advance(TimeSpan.FromSeconds(2)));
        late.SetResult();
        await reading;

        buffer.ShouldEqual(_content);
        stream.TargetsUsed.ShouldBe(["r2", "b2"]);
        _events.ShouldBe([new FailoverEvent("r2", "b2", "object", 300_000, "Target r2 is slow: nothing of object came within 2 s.")]);
        reader.BytesByTarget["r2"].ShouldBe(300_000);
        reader.BytesByTarget["b2"].ShouldBe(Size - 300_000);
        await NothingIsOpenAsync(stream);
    }

    [Fact]
    public async Task Target_ThatDeliversBeforeTheSecondDoes_IsKeptAndGivenMoreTimeAfterwards()
    {
        var reader = await ReaderAsync();
        var (reached, late) = HangAt(_targets.R2, 0);
        var second = new TaskCompletionSource();
        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);
        _targets.B2.OpenWaitsFor = second.Task;
        var buffer = new byte[Size];

        var reading = stream.ReadAsync(buffer).AsTask();
        await reached;
        await Until.EndedAsync(Until.TrueAsync(() => _targets.B2.OpenedAt.Count > 0), () => _clock.Advance(TimeSpan.FromSeconds(2)));
        _targets.R2.BeforeRead = null;
        late.SetResult();
        var read = await reading;
        second.SetResult();
        var (reachedAgain, lateAgain) = HangAt(_targets.R2, read);
        reading = stream.ReadAsync(buffer.AsMemory(read)).AsTask();
        await reachedAgain;
        while (await _clock.NextWaitAsync() != TimeSpan.FromSeconds(4))
        {
            // Waits for earlier blocks.
        }

        _targets.R2.BeforeRead = null;
        lateAgain.SetResult();
        read += await reading;
        await stream.ReadExactlyAsync(buffer.AsMemory(read));

        buffer.ShouldEqual(_content);
        stream.TargetsUsed.ShouldBe(["r2"]);
        _events.ShouldBeEmpty();
        await NothingIsOpenAsync(stream);
    }

    [Fact]
    public async Task TwoSlowTargets_AreNotJoinedByAThird()
    {
        var reader = await ReaderAsync();
        var (r2, b2) = (new TaskCompletionSource(), new TaskCompletionSource());
        (_targets.R2.OpenWaitsFor, _targets.B2.OpenWaitsFor) = (r2.Task, b2.Task);

        var opening = reader.OpenAsync("object", Size, CancellationToken.None);
        await Until.EndedAsync(Until.TrueAsync(() => _targets.B2.OpenedAt.Count > 0), () => _clock.Advance(TimeSpan.FromSeconds(2)));
        _clock.Advance(TimeSpan.FromMinutes(10));
        b2.SetResult();
        await using var stream = await opening;

        (await stream.AllAsync()).ShouldEqual(_content);
        _targets.Local.OpenedAt.ShouldBeEmpty();
        r2.SetResult();
        await NothingIsOpenAsync(stream);
    }

    [Fact]
    public async Task SecondTarget_ThatFails_IsFollowedByTheThirdWhileTheFirstIsStillLate()
    {
        var reader = await ReaderAsync();
        var late = new TaskCompletionSource();
        _targets.R2.OpenWaitsFor = late.Task;
        _targets.B2.OnOpen = LocalTargets.Unreachable("b2");

        var opening = reader.OpenAsync("object", Size, CancellationToken.None);
        await Until.EndedAsync(opening, () => _clock.Advance(TimeSpan.FromSeconds(2)));
        await using var stream = await opening;

        (await stream.AllAsync()).ShouldEqual(_content);
        stream.TargetsUsed.ShouldBe(["local"]);
        _events.ShouldHaveSingleItem().From.ShouldBe("r2");
        late.SetResult();
        await NothingIsOpenAsync(stream);
    }

    [Fact]
    public async Task Target_OvertakenOnce_IsTriedLastFromThenOn()
    {
        var reader = await ReaderAsync();
        _targets.R2.OpenWaitsFor = new TaskCompletionSource().Task;
        var opening = reader.OpenAsync("object", Size, CancellationToken.None);
        await Until.EndedAsync(opening, () => _clock.Advance(TimeSpan.FromSeconds(2)));
        await (await opening).DisposeAsync();

        await using var next = await reader.OpenAsync("object", Size, CancellationToken.None);

        _targets.R2.OpenedAt.Count.ShouldBe(1);
        (await next.AllAsync()).ShouldEqual(_content);
    }

    [Fact]
    public async Task Cancellation_OfARace_LeavesNothingOpenAndIsNobodysFailure()
    {
        using var canceled = new CancellationTokenSource();
        var reader = await ReaderAsync();
        var (reached, late) = HangAt(_targets.R2, 0);
        var second = new TaskCompletionSource();
        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);
        _targets.B2.OpenWaitsFor = second.Task;

        var reading = stream.ReadAsync(new byte[Size], canceled.Token).AsTask();
        await reached;
        await Until.EndedAsync(Until.TrueAsync(() => _targets.B2.OpenedAt.Count > 0), () => _clock.Advance(TimeSpan.FromSeconds(2)));
        await canceled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => reading);
        _targets.R2.BeforeRead = null;
        late.SetResult();
        second.SetResult();

        (await stream.AllAsync()).ShouldEqual(_content);
        stream.TargetsUsed.ShouldBe(["r2"]);
        _events.ShouldBeEmpty();
        await NothingIsOpenAsync(stream);
    }

    [Fact]
    public async Task Target_ThatTrickles_IsLeftForAnother()
    {
        var reader = await ReaderAsync();
        Trickle(_targets.R2);

        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);

        (await stream.AllAsync()).ShouldEqual(_content);
        stream.TargetsUsed.ShouldBe(["r2", "b2"]);
        // The first read is not counted: it may be slow to begin.
        _events.ShouldBe([new FailoverEvent("r2", "b2", "object", 8 * 100, "Target r2 is slow: object came at 0.1 KiB/s over 10.5 s.")]);
        await NothingIsOpenAsync(stream);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Target_ThatTrickles_IsReadOnWhereNoOtherServes(bool another)
    {
        var content = Bytes.Random(5_000);
        await _targets.PutEverywhereAsync("small", content);
        Trickle(_targets.R2);
        _targets.B2.OnOpen = LocalTargets.Unreachable("b2");
        var reader = new FailoverReader(another ? [_targets.R2, _targets.B2] : [_targets.R2], Options(), NullLogger.Instance);

        await using var stream = await reader.OpenAsync("small", content.Length, CancellationToken.None);

        (await stream.AllAsync()).ShouldEqual(content);
        stream.TargetsUsed.ShouldBe(["r2"]);
        _events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Target_ThatTrickles_IsReadOnWhereTheOtherHangs()
    {
        var content = Bytes.Random(5_000);
        await _targets.PutEverywhereAsync("small", content);
        Trickle(_targets.R2);
        var late = new TaskCompletionSource();
        _targets.B2.OpenWaitsFor = late.Task;
        var reader = new FailoverReader([_targets.R2, _targets.B2], Options(), NullLogger.Instance);
        await using var stream = await reader.OpenAsync("small", content.Length, CancellationToken.None);

        var reading = stream.AllAsync();
        await Until.TrueAsync(() => _targets.B2.OpenedAt.Count > 0);
        await Until.EndedAsync(reading, () => _clock.Advance(TimeSpan.FromSeconds(1)));

        (await reading).ShouldEqual(content);
        stream.TargetsUsed.ShouldBe(["r2"]);
        late.SetResult();
        await NothingIsOpenAsync(stream);
    }

    /// <summary>Reads of a target hang at a byte until told otherwise, deaf to cancellation.</summary>
    private static (Task Reached, TaskCompletionSource GoesOn) HangAt(FaultyTarget target, long position)
    {
        var (reached, goesOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        target.BeforeRead = async at =>
        {
            if (at == position)
            {
                reached.TrySetResult();
                await goesOn.Task;
            }
        };
        return (reached.Task, goesOn);
    }

    /// <summary>100 bytes each 1.5 s, which is never late.</summary>
    private void Trickle(FaultyTarget target)
    {
        target.MostPerRead = 100;
        target.BeforeRead = _ =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1.5));
            return Task.CompletedTask;
        };
    }

    private async Task NothingIsOpenAsync(FailoverStream stream)
    {
        await stream.DisposeAsync();
        await Until.TrueAsync(() => _targets.R2.OpenStreams + _targets.B2.OpenStreams + _targets.Local.OpenStreams == 0);
    }

    private async Task<FailoverReader> ReaderAsync()
    {
        await _targets.PutEverywhereAsync("object", _content);
        return new FailoverReader(_targets.All, Options(), NullLogger.Instance);
    }

    private FailoverReaderOptions Options() => new()
    {
        StallTimeout = TimeSpan.FromMinutes(5),
        HedgeDelay = TimeSpan.FromSeconds(2),
        OnFailover = _events.Add,
        Time = _clock,
    };
}
