using BackupFunctions.Contracts;
using BackupFunctions.Storage.FanOut;
using BackupFunctions.Storage.Tests.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Storage.Tests.FanOut;

public sealed class FanOutSessionTests : IDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly LocalTargets _targets = new();

    public void Dispose() => _targets.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(MiB)]
    [InlineData((20 * MiB) + 7)]
    public async Task Object_IsTheSameAtEveryTarget(int size)
    {
        var session = Session(required: 3);
        var content = Bytes.Random(size);

        await PutAsync(session, "object", content);

        foreach (var target in _targets.All)
        {
            (await target.GetAsync("object")).ShouldEqual(content);
        }

        session.Failures.ShouldBeEmpty();
        session.Alive.Select(target => target.Name).ShouldBe(["r2", "b2", "local"]);
    }

    [Fact]
    public async Task SeveralObjects_WrittenAtTheSameTime_AreTheSameAtEveryTarget()
    {
        var session = Session(required: 3);
        var contents = Enumerable.Range(1, 4).ToDictionary(n => $"o/{n}", n => Bytes.Random((5 * MiB) + n, n), StringComparer.Ordinal);

        await Task.WhenAll(contents.Select(content => PutAsync(session, content.Key, content.Value)));

        foreach (var (key, content) in contents)
        {
            (await _targets.B2.GetAsync(key)).ShouldEqual(content);
        }
    }

    [Theory]
    [InlineData("create")]
    [InlineData("first byte")]
    [InlineData("middle")]
    [InlineData("complete")]
    public async Task Target_ThatFails_IsLeftOutWithItsCauseAndTheOthersGoOn(string when)
    {
        var session = Session(required: 2);
        var content = Bytes.Random(10 * MiB);
        await PutAsync(session, "before", content);
        Break(_targets.B2, when);

        await PutAsync(session, "object", content);
        Heal(_targets.B2);
        await PutAsync(session, "later", content);

        session.Alive.Select(target => target.Name).ShouldBe(["r2", "local"]);
        session.Failures.ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("b2", "Target b2 is unreachable: told so."));
        (await _targets.R2.GetAsync("object")).ShouldEqual(content);
        (await _targets.Local.GetAsync("later")).ShouldEqual(content);
        (await _targets.B2.FindAsync("object", CancellationToken.None)).ShouldBeNull();
        (await _targets.B2.FindAsync("later", CancellationToken.None)).ShouldBeNull();
        await session.SettleAsync();
        await Until.TrueAsync(() => _targets.Unfinished("b2") == 0);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("first byte")]
    [InlineData("middle")]
    [InlineData("complete")]
    public async Task Copies_BelowTheRequiredNumber_FailNamingEveryCause(string when)
    {
        var session = Session(required: 2);
        Break(_targets.B2, when);
        _targets.R2.OnCreate = LocalTargets.Unreachable("r2");

        var error = await Should.ThrowAsync<StorageException>(() => PutAsync(session, "object", Bytes.Random(10 * MiB)));

        error.Code.ShouldBe(ErrorCodes.CopiesMissing);
        error.Message.ShouldBe(
            "Only 1 of 3 storage targets can take the backup, 2 are required: "
            + "Target b2 is unreachable: told so. Target r2 is unreachable: told so.");
        (await Should.ThrowAsync<StorageException>(() => session.CreateAsync("next", CancellationToken.None))).Code.ShouldBe(ErrorCodes.CopiesMissing);
    }

    [Fact]
    public async Task Target_ThatFailsInOneObject_IsDroppedFromTheOthersUnderWay()
    {
        var session = Session(required: 2);
        await using var other = await session.CreateAsync("other", CancellationToken.None);
        await other.WriteAsync(Bytes.Random(MiB), CancellationToken.None);
        _targets.B2.OnCreate = LocalTargets.Unreachable("b2");
        await PutAsync(session, "object", [1]);

        await other.WriteAsync(Bytes.Random(MiB), CancellationToken.None);
        await other.CompleteAsync(CancellationToken.None);
        await other.DisposeAsync();

        (await _targets.B2.FindAsync("other", CancellationToken.None)).ShouldBeNull();
        (await _targets.R2.FindAsync("other", CancellationToken.None))!.Size.ShouldBe(2 * MiB);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Target_ThatHangs_IsLeftOutAfterTheStallTimeout(bool atTheEnd)
    {
        var session = new FanOutSession(_targets.All, 2, NullLogger.Instance, TimeSpan.FromSeconds(1));
        var content = Bytes.Random(atTheEnd ? MiB : 10 * MiB);
        _targets.B2.WriteLimit = 0;

        await PutAsync(session, "object", content);

        session.Failures["b2"].ShouldBe("Target b2 failed: it has taken nothing for 1 s.");
        (await _targets.Local.GetAsync("object")).ShouldEqual(content);
    }

    [Fact]
    public async Task Writer_OfASlowTarget_WaitsInsteadOfBufferingTheObject()
    {
        var session = Session(required: 2);
        var gate = new TaskCompletionSource();
        _targets.B2.WritesWaitFor = gate.Task;
        await using var created = await session.CreateAsync("slow", CancellationToken.None);
        var written = 0;

        var writing = Task.Run(async () =>
        {
            for (; written < 20; written++)
            {
                await created.WriteAsync(Bytes.Random(MiB), CancellationToken.None);
            }
        });
        await Should.ThrowAsync<TimeoutException>(() => writing.WaitAsync(TimeSpan.FromMilliseconds(500)));
        var whileSlow = Volatile.Read(ref written);
        gate.SetResult();
        await writing;
        await created.CompleteAsync(CancellationToken.None);

        whileSlow.ShouldBeLessThanOrEqualTo(4);
        (await _targets.B2.FindAsync("slow", CancellationToken.None))!.Size.ShouldBe(20 * MiB);
        session.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Object_DisposedBeforeCompletion_LeavesNothing()
    {
        var session = Session(required: 3);
        await using (var created = await session.CreateAsync("aborted", CancellationToken.None))
        {
            await created.WriteAsync(Bytes.Random(5 * MiB), CancellationToken.None);
        }

        (await _targets.R2.FindAsync("aborted", CancellationToken.None)).ShouldBeNull();
        _targets.Unfinished("r2").ShouldBe(0);
        session.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancellation_IsNoTargetsFailureAndLeavesNothing()
    {
        var session = Session(required: 3);
        using var canceled = new CancellationTokenSource();
        _targets.B2.WritesWaitFor = new TaskCompletionSource().Task;
        await using (var created = await session.CreateAsync("canceled", canceled.Token))
        {
            var writing = created.WriteAsync(Bytes.Random(20 * MiB), canceled.Token).AsTask();
            await canceled.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => writing);
            await Should.ThrowAsync<InvalidOperationException>(() => created.CompleteAsync(CancellationToken.None));
        }

        session.Failures.ShouldBeEmpty();
        (await _targets.R2.FindAsync("canceled", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Cancellation_BeforeCreation_IsNoTargetsFailure()
    {
        var session = Session(required: 3);

        await Should.ThrowAsync<OperationCanceledException>(() => session.CreateAsync("canceled", new CancellationToken(canceled: true)));

        session.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task PutAll_WritesTheSameBytesToAllAlive()
    {
        var session = Session(required: 2);
        _targets.R2.OnComplete = LocalTargets.Unreachable("r2");

        await session.PutAllAsync("manifest.json", new byte[] { 1, 2, 3 }, CancellationToken.None);

        (await _targets.B2.GetAsync("manifest.json")).ShouldBe([1, 2, 3]);
        (await _targets.Local.GetAsync("manifest.json")).ShouldBe([1, 2, 3]);
        session.Failures.Keys.ShouldBe(["r2"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Session_WithAnImpossibleNumberOfCopies_IsNotBuilt(int required) =>
        Should.Throw<PgdrException>(() => Session(required)).Code.ShouldBe(ErrorCodes.InvalidSettings);

    [Fact]
    public void Session_WithTwoTargetsOfOneName_IsNotBuilt() =>
        Should.Throw<PgdrException>(() => new FanOutSession([_targets.R2, _targets.R2], 1, NullLogger.Instance)).Code.ShouldBe(ErrorCodes.InvalidSettings);

    private static async Task PutAsync(FanOutSession session, string key, byte[] content)
    {
        await using var created = await session.CreateAsync(key, CancellationToken.None);
        for (var at = 0; at < content.Length; at += 700_001)
        {
            await created.WriteAsync(content.AsMemory(at, Math.Min(700_001, content.Length - at)), CancellationToken.None);
        }

        await created.CompleteAsync(CancellationToken.None);
    }

    private static void Break(FaultyTarget target, string when)
    {
        var error = LocalTargets.Unreachable(target.Name);
        target.OnCreate = when is "create" ? error : null;
        target.OnComplete = when is "complete" ? error : null;
        target.AtLimit = error;
        target.WriteLimit = when switch
        {
            "first byte" => 0,
            "middle" => 5 * MiB,
            _ => long.MaxValue,
        };
    }

    private static void Heal(FaultyTarget target)
    {
        (target.OnCreate, target.OnComplete, target.AtLimit) = (null, null, null);
        target.WriteLimit = long.MaxValue;
    }

    private FanOutSession Session(int required) => new(_targets.All, required, NullLogger.Instance);
}
