using BackupFunctions.Storage.FanOut;
using BackupFunctions.Storage.Tests.Faults;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Storage.Tests.FanOut;

/// <summary>Time passes only while the session waits for one target alone.</summary>
public sealed class SlowTargetTests : IDisposable
{
    private const int MiB = 1024 * 1024;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);

    private readonly LocalTargets _targets = new();
    private readonly FakeClock _clock = new(TimeProvider.System.GetUtcNow());
    private readonly Task _never = new TaskCompletionSource().Task;

    public void Dispose() => _targets.Dispose();

    [Fact]
    public async Task Target_ThatTakesALittleNowAndThen_IsLeftOutOnceItsAllowanceIsUsed()
    {
        var session = Session(required: 2);
        using var tickets = new SemaphoreSlim(0);
        _targets.B2.WriteTickets = tickets;
        var content = Bytes.Random(40 * MiB);

        await RunAsync(session, PutAsync(session, "object", content), () => tickets.Release());

        session.Failures.Keys.ShouldBe(["b2"]);
        session.Failures["b2"].ShouldMatch(@"^Target b2 is slow: the backup has waited \d+ s for it alone, so its copy is finished later from another one\.$");
        session.Alive.Select(target => target.Name).ShouldBe(["r2", "local"]);
        (await _targets.R2.GetAsync("object")).ShouldEqual(content);
        (await _targets.Local.GetAsync("object")).ShouldEqual(content);
        await session.SettleAsync();
        (await _targets.B2.FindAsync("object", CancellationToken.None)).ShouldBeNull();
        await Until.TrueAsync(() => _targets.Unfinished("b2") == 0);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("complete")]
    public async Task Target_SlowToBeginOrToEnd_IsLeftOutToo(string when)
    {
        var session = Session(required: 2);
        _targets.B2.CreatesWaitFor = when is "create" ? _never : Task.CompletedTask;
        _targets.B2.CompletesWaitFor = when is "complete" ? _never : Task.CompletedTask;

        await RunAsync(session, PutAsync(session, "object", [1, 2, 3]));
        _targets.B2.CreatesWaitFor = _targets.B2.CompletesWaitFor = Task.CompletedTask;
        await PutAsync(session, "next", [4]);

        session.Failures.Keys.ShouldBe(["b2"]);
        (await _targets.R2.GetAsync("object")).ShouldBe([1, 2, 3]);
        (await _targets.B2.FindAsync("next", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Allowance_IsAQuarterOfTheBackupsAgeOnceThatIsMore()
    {
        var session = Session(required: 2);
        _clock.Advance(TimeSpan.FromSeconds(1000));
        _targets.B2.WritesWaitFor = _never;

        var putting = await BeginAsync(session, "object", Bytes.Random(10 * MiB));
        await WaitersAsync(session, "b2", 1);
        _clock.Advance(TimeSpan.FromSeconds(320));
        while (await _clock.NextWaitAsync() != TimeSpan.FromSeconds(10))
        {
            // A quarter of 1320 s is 330 s: those are 10 s more.
        }

        session.Failures.ShouldBeEmpty();
        await RunAsync(session, putting);

        session.Failures.Keys.ShouldBe(["b2"]);
    }

    [Fact]
    public async Task Target_WhoseCopyIsRequired_IsWaitedFor()
    {
        var session = Session(required: 3);
        var gate = new TaskCompletionSource();
        _targets.B2.WritesWaitFor = gate.Task;
        var content = Bytes.Random(10 * MiB);

        var putting = await BeginAsync(session, "object", content);
        await WaitersAsync(session, "b2", 1);
        _clock.Advance(TimeSpan.FromHours(1));
        gate.SetResult();
        await putting;

        session.Failures.ShouldBeEmpty();
        (await _targets.B2.GetAsync("object")).ShouldEqual(content);
    }

    [Fact]
    public async Task TwoSlowTargets_AreLeftOutDownToTheRequiredNumber()
    {
        var session = Session(required: 2);
        var late = new TaskCompletionSource();
        (_targets.R2.WritesWaitFor, _targets.B2.CompletesWaitFor) = (_never, late.Task);
        var content = Bytes.Random(10 * MiB);

        var putting = await BeginAsync(session, "object", content);
        await WaitersAsync(session, "r2", 1);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await WaitersAsync(session, "b2", 1);
        _clock.Advance(TimeSpan.FromHours(5));
        late.SetResult();
        await putting;

        session.Failures.Keys.ShouldBe(["r2"]);
        (await _targets.B2.GetAsync("object")).ShouldEqual(content);
        (await _targets.Local.GetAsync("object")).ShouldEqual(content);
    }

    [Fact]
    public async Task TwoTargetsSlowTogether_AreNotWaitedForAlone()
    {
        var session = Session(required: 1);
        var (r2, b2) = (new TaskCompletionSource(), new TaskCompletionSource());
        (_targets.R2.CreatesWaitFor, _targets.B2.CreatesWaitFor) = (r2.Task, b2.Task);

        var putting = PutAsync(session, "object", [1]);
        _clock.Advance(TimeSpan.FromHours(1));
        r2.SetResult();
        // The hour was nobody's: from now on b2 is waited for, a quarter of the session's age at most.
        (await _clock.NextWaitAsync()).ShouldBe(TimeSpan.FromMinutes(15));
        b2.SetResult();
        await putting;

        session.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task SeveralObjects_ThatWaitForOneTargetAtOnce_CountOnce()
    {
        var session = Session(required: 2);
        _targets.B2.WritesWaitFor = _never;
        var both = Task.WhenAll(
            await BeginAsync(session, "one", Bytes.Random(10 * MiB)),
            await BeginAsync(session, "two", Bytes.Random(10 * MiB)));
        await WaitersAsync(session, "b2", 2);

        _clock.Advance(TimeSpan.FromSeconds(59));
        session.Failures.ShouldBeEmpty();
        _clock.Advance(TimeSpan.FromSeconds(20));
        await both;

        session.Failures["b2"].ShouldContain("waited 79 s for it alone");
        (await _targets.R2.FindAsync("two", CancellationToken.None))!.Size.ShouldBe(10 * MiB);
    }

    private static async Task PutAsync(FanOutSession session, string key, byte[] content) =>
        await EndAsync(await session.CreateAsync(key, CancellationToken.None), content);

    /// <summary>
    /// Returns when every target has what it takes at once: one chunk of 1 MiB being written and two that wait. What follows waits for those
    /// that do not write, and for nobody else alone, who would be charged with the time that passes.
    /// </summary>
    private static async Task<Task> BeginAsync(FanOutSession session, string key, byte[] content)
    {
        var created = await session.CreateAsync(key, CancellationToken.None);
        await created.WriteAsync(content.AsMemory(0, 3 * MiB), CancellationToken.None);
        return EndAsync(created, content.AsMemory(3 * MiB));
    }

    private static async Task EndAsync(FanOutObject created, ReadOnlyMemory<byte> content)
    {
        await using (created)
        {
            await created.WriteAsync(content, CancellationToken.None);
            await created.CompleteAsync(CancellationToken.None);
        }
    }

    /// <summary>Until so many objects wait for that target alone, each with its timer running: time that passes before would pass unseen.</summary>
    private Task WaitersAsync(FanOutSession session, string target, int count) =>
        Until.TrueAsync(() => session.Waiting.WaitersFor(target) == count && _clock.Timers == count);

    /// <summary>Time passes in steps while b2 is waited for, until the work is done.</summary>
    private async Task RunAsync(FanOutSession session, Task work, Action? afterStep = null)
    {
        while (!work.IsCompleted)
        {
            await Until.TrueAsync(() => work.IsCompleted || session.Waiting.WaitersFor("b2") > 0);
            _clock.Advance(Step);
            afterStep?.Invoke();
        }

        await work;
    }

    private FanOutSession Session(int required) => new(
        _targets.All, required, NullLogger.Instance, new FanOutOptions { StallTimeout = TimeSpan.FromMinutes(10), Time = _clock });
}
