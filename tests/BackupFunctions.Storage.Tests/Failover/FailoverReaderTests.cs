using BackupFunctions.Contracts;
using BackupFunctions.Storage.Failover;
using BackupFunctions.Storage.Tests.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Storage.Tests.Failover;

public sealed class FailoverReaderTests : IDisposable
{
    private const int Size = 1_000_000;

    private readonly LocalTargets _targets = new();
    private readonly byte[] _content = Bytes.Random(Size);
    private readonly List<FailoverEvent> _events = [];
    private readonly ManualTime _time = new();

    public void Dispose() => _targets.Dispose();

    [Fact]
    public async Task Object_IsReadFromTheFirstTargetOnly()
    {
        var reader = await ReaderAsync();

        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);

        stream.Length.ShouldBe(Size);
        (await stream.AllAsync()).ShouldEqual(_content);
        stream.Position.ShouldBe(Size);
        stream.TargetsUsed.ShouldBe(["r2"]);
        reader.BytesByTarget.ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("r2", (long)Size));
        reader.Failovers.ShouldBeEmpty();
    }

    [Fact]
    public async Task EmptyObject_IsReadToItsEnd()
    {
        await _targets.PutEverywhereAsync("empty", []);

        await using var stream = await Reader().OpenAsync("empty", 0, CancellationToken.None);

        (await stream.AllAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(262_143, true)]
    [InlineData(262_144, true)]
    [InlineData(262_145, true)]
    [InlineData(Size - 1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(262_144, false)]
    [InlineData(Size - 1, false)]
    public async Task Target_ThatBreaksOffOrEndsShort_IsFollowedByTheNextAtTheSameByte(int at, bool withError)
    {
        var reader = await ReaderAsync();
        _targets.R2.ReadLimit = at;
        _targets.R2.AtLimit = withError ? LocalTargets.Unreachable("r2") : null;

        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);

        (await stream.AllAsync()).ShouldEqual(_content);
        _targets.B2.OpenedAt.ShouldBe([at]);
        var cause = withError ? "Target r2 is unreachable: told so." : $"Target r2 ended object at byte {at} of {Size}.";
        _events.ShouldHaveSingleItem().ShouldBe(new FailoverEvent("r2", "b2", "object", at, cause));
        reader.Failovers.ShouldBe([$"Switched from r2 to b2 at byte {at} of object: {cause}"]);
        reader.BytesByTarget["b2"].ShouldBe(Size - at);
    }

    [Fact]
    public async Task TwoTargets_BreakingOneAfterTheOther_AreFollowedByTheThird()
    {
        var reader = await ReaderAsync();
        (_targets.R2.ReadLimit, _targets.B2.ReadLimit) = (1_000, 500_000);
        (_targets.R2.AtLimit, _targets.B2.AtLimit) = (new IOException("reset"), LocalTargets.Unreachable("b2"));

        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);

        (await stream.AllAsync()).ShouldEqual(_content);
        stream.TargetsUsed.ShouldBe(["r2", "b2", "local"]);
        _events.Select(e => (e.From, e.To, e.Offset)).ShouldBe([("r2", "b2", 1_000), ("b2", "local", 500_000)]);
        _events[0].Cause.ShouldBe("Target r2 failed: reset.");
    }

    [Fact]
    public async Task Target_ThatFallsSilentDeafToCancellation_IsFollowedByTheNextAndCannotTouchTheBytes()
    {
        var late = new TaskCompletionSource();
        var reader = await ReaderAsync(stallTimeout: TimeSpan.FromMilliseconds(300));
        (_targets.R2.ReadLimit, _targets.R2.HangAtReadLimit) = (300_000, late.Task);
        var buffer = new byte[Size];

        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 400_000));
        late.SetResult();
        await stream.ReadExactlyAsync(buffer.AsMemory(400_000));

        buffer.ShouldEqual(_content);
        _events.ShouldHaveSingleItem().Cause.ShouldBe("Target r2 sent not a byte of object for 0.3 s.");
    }

    [Fact]
    public async Task Target_ThatHangsAtOpening_IsFollowedByTheNext()
    {
        var reader = await ReaderAsync(stallTimeout: TimeSpan.FromMilliseconds(300));
        var late = new TaskCompletionSource();
        _targets.R2.OpenWaitsFor = late.Task;

        (await ReadAsync(reader)).ShouldBe(["b2"]);

        late.SetResult();
        _events.ShouldHaveSingleItem().Cause.ShouldBe("Target r2 sent not a byte of object for 0.3 s.");
    }

    [Fact]
    public async Task OnlyTarget_ThatBreaksOffAndComesBack_IsReadOn()
    {
        await _targets.PutEverywhereAsync("object", _content);
        var reader = new FailoverReader([_targets.R2], Options(), NullLogger.Instance);
        (_targets.R2.ReadLimit, _targets.R2.AtLimit) = (400_000, LocalTargets.Unreachable("r2"));
        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);
        var buffer = new byte[Size];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 400_000));

        _targets.R2.ReadLimit = 800_000;
        await stream.ReadExactlyAsync(buffer.AsMemory(400_000, 400_000));
        var error = await Should.ThrowAsync<StorageException>(async () =>
        {
            _targets.R2.OnOpen = LocalTargets.Unreachable("r2");
            await stream.ReadExactlyAsync(buffer.AsMemory(800_000));
        });

        error.Code.ShouldBe(ErrorCodes.TargetUnreachable);
        buffer[..800_000].ShouldEqual(_content.AsSpan(0, 800_000));
    }

    [Fact]
    public async Task Object_AbsentEverywhere_IsAbsent()
    {
        var error = await Should.ThrowAsync<StorageException>(() => Reader().OpenAsync("object", Size, CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.ObjectAbsent);
        error.Message.ShouldBe("No target holds object: it is absent on r2, b2, local.");
    }

    [Fact]
    public async Task Object_AbsentOnOneAndUnknownOnOthers_IsNotAbsentAndSaysExactlyThat()
    {
        (_targets.B2.OnOpen, _targets.Local.OnOpen) = (LocalTargets.Unreachable("b2"), new IOException("Input/output error"));

        var error = await Should.ThrowAsync<StorageException>(() => Reader().OpenAsync("object", Size, CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.TargetUnreachable);
        error.Message.ShouldBe(
            "object could not be read from any target: Target r2 does not hold object. Target b2 is unreachable: told so. "
            + "Target local failed: Input/output error.");
    }

    [Fact]
    public async Task Target_WithoutTheObject_IsPassedOverButNotSuspected()
    {
        await _targets.PutEverywhereAsync("other", [1]);
        await _targets.B2.PutAsync("object", _content);
        var reader = Reader();
        await using (var stream = await reader.OpenAsync("object", Size, CancellationToken.None))
        {
            (await stream.AllAsync()).ShouldEqual(_content);
        }

        await using var other = await reader.OpenAsync("other", 1, CancellationToken.None);
        await other.AllAsync();

        other.TargetsUsed.ShouldBe(["r2"]);
        reader.Failovers.ShouldHaveSingleItem().ShouldBe("Switched from r2 to b2 at byte 0 of object: Target r2 does not hold object.");
    }

    [Fact]
    public async Task Target_ThatFailed_IsTriedLastUntilForgotten()
    {
        var reader = await ReaderAsync();
        _targets.R2.OnOpen = LocalTargets.Unreachable("r2");
        await ReadAsync(reader);
        _targets.R2.OnOpen = null;

        (await ReadAsync(reader)).ShouldBe(["b2"]);
        _time.Advance(TimeSpan.FromMinutes(4));
        (await ReadAsync(reader)).ShouldBe(["b2"]);
        _time.Advance(TimeSpan.FromMinutes(2));
        (await ReadAsync(reader)).ShouldBe(["r2"]);
        reader.Failovers.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Suspect_IsTriedLast()
    {
        var reader = await ReaderAsync();

        reader.Suspect("r2", "The hash of object did not match.");

        (await ReadAsync(reader)).ShouldBe(["b2"]);
    }

    [Fact]
    public async Task Open_WithTargetsExcluded_ReadsFromTheOthersOnly()
    {
        var reader = await ReaderAsync();
        var excluded = new HashSet<string>(["r2", "b2"], StringComparer.Ordinal);

        await using var stream = await reader.OpenAsync("object", Size, excluded, CancellationToken.None);

        (await stream.AllAsync()).ShouldEqual(_content);
        stream.TargetsUsed.ShouldBe(["local"]);
    }

    [Fact]
    public async Task Open_WithAllTargetsExcluded_SaysThatNoCopyVerified()
    {
        var reader = await ReaderAsync();
        var excluded = new HashSet<string>(["r2", "b2", "local"], StringComparer.Ordinal);

        var error = await Should.ThrowAsync<StorageException>(() => reader.OpenAsync("object", Size, excluded, CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.ObjectDamaged);
    }

    [Fact]
    public async Task Cancellation_IsNoTargetsFailure()
    {
        using var canceled = new CancellationTokenSource();
        var reader = await ReaderAsync();
        (_targets.R2.ReadLimit, _targets.R2.HangAtReadLimit) = (10, new TaskCompletionSource().Task);
        await using var stream = await reader.OpenAsync("object", Size, canceled.Token);
        await stream.ReadExactlyAsync(new byte[10], canceled.Token);

        var reading = stream.ReadAsync(new byte[10], canceled.Token).AsTask();
        await canceled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => reading);
        reader.Failovers.ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(FailoverReader reader)
    {
        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);
        await stream.AllAsync();
        return stream.TargetsUsed;
    }

    private async Task<FailoverReader> ReaderAsync(TimeSpan? stallTimeout = null)
    {
        await _targets.PutEverywhereAsync("object", _content);
        return Reader(stallTimeout);
    }

    private FailoverReader Reader(TimeSpan? stallTimeout = null) => new(_targets.All, Options(stallTimeout), NullLogger.Instance);

    private FailoverReaderOptions Options(TimeSpan? stallTimeout = null) => new()
    {
        StallTimeout = stallTimeout ?? TimeSpan.FromSeconds(30),
        HedgeDelay = TimeSpan.FromMinutes(10),
        OnFailover = _events.Add,
        Time = _time,
    };
}
