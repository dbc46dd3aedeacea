using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Slots;
using BackupFunctions.JobRunners.Tests.Support;

namespace BackupFunctions.JobRunners.Tests.Slots;

public sealed class JobSlotsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Enter_BelowTheLimit_DoesNotWait()
    {
        var slots = Slots(limit: 2);

        using var first = await slots.EnterAsync(JobPriority.Backup, "a", Unexpected, default);
        using var second = await slots.EnterAsync(JobPriority.Background, "b", Unexpected, default);

        first.ShouldNotBeNull();
        second.ShouldNotBeNull();
        Waiting().ShouldBeEmpty();
    }

    [Fact]
    public async Task Enter_AtTheLimit_WaitsUntilASlotIsFree()
    {
        var slots = Slots(limit: 1);
        var first = await slots.EnterAsync(JobPriority.Backup, "a", Unexpected, default);
        var waits = new TaskCompletionSource();
        var second = slots.EnterAsync(JobPriority.Backup, "b", waits.SetResult, default);
        await waits.Task;
        second.IsCompleted.ShouldBeFalse();

        first!.Dispose();

        using var slot = await second.WaitAsync(TimeSpan.FromSeconds(60));
        Waiting().ShouldBeEmpty();
    }

    [Fact]
    public async Task Enter_SeveralWait_TheHigherPriorityGoesFirstThenTheOlder()
    {
        var slots = Slots(limit: 1);
        var order = new List<string>();
        var running = await slots.EnterAsync(JobPriority.Backup, "running", Unexpected, default);
        var waiting = new List<Task>();
        foreach (var (run, priority) in new[]
        {
            ("check", JobPriority.Background), ("backup 1", JobPriority.Backup), ("backup 2", JobPriority.Backup), ("restore", JobPriority.Restore),
        })
        {
            var waits = new TaskCompletionSource();
            waiting.Add(RunAsync(run, priority, waits));
            await waits.Task;
        }

        running!.Dispose();
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(60));

        order.ShouldBe(["restore", "backup 1", "backup 2", "check"]);

        async Task RunAsync(string run, JobPriority priority, TaskCompletionSource waits)
        {
            using var slot = await slots.EnterAsync(priority, run, waits.SetResult, default);
            order.Add(run);
        }
    }

    [Fact]
    public async Task Enter_DisasterRecovery_NeverWaits()
    {
        var slots = Slots(limit: 1);
        using var running = await slots.EnterAsync(JobPriority.Backup, "a", Unexpected, default);

        (await slots.EnterAsync(JobPriority.DisasterRecovery, "dr", Unexpected, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Enter_HolderKilled_TakesItsSlot()
    {
        var slots = Slots(limit: 1);
        (await slots.EnterAsync(JobPriority.Backup, "a", Unexpected, default))!.Dispose();
        using var holder = new HelperProcess("exec 9<>\"$1\"; flock -n 9; echo held; exec sleep 1000", _folder[".slots/0/lock"]);
        (await holder.Output.ReadLineAsync()).ShouldBe("held");
        var waits = new TaskCompletionSource();
        var mine = slots.EnterAsync(JobPriority.Backup, "b", waits.SetResult, default);
        await waits.Task;

        await holder.KillAsync();

        using var slot = (await mine.WaitAsync(TimeSpan.FromSeconds(60))).ShouldNotBeNull();
    }

    [Fact]
    public async Task Enter_OneInFrontIsGone_DoesNotWaitForIt()
    {
        Directory.CreateDirectory(_folder[".queue/0-0000000000000000000-gone"]);

        using var slot = await Slots(limit: 1).EnterAsync(JobPriority.Backup, "a", Unexpected, default);

        slot.ShouldNotBeNull();
    }

    [Fact]
    public async Task Enter_OneInFrontIsLongGone_RemovesItsPlace()
    {
        Directory.CreateDirectory(_folder[".queue/0-0000000000000000000-gone"]);
        var later = new FakeClock(TimeProvider.System.GetUtcNow().AddMinutes(2));

        using var slot = await new JobSlots(_folder.Path, 1, later).EnterAsync(JobPriority.Backup, "a", Unexpected, default);

        Waiting().ShouldBeEmpty();
    }

    [Fact]
    public async Task Enter_CanceledWhileWaiting_LeavesTheQueue()
    {
        var slots = Slots(limit: 1);
        using var running = await slots.EnterAsync(JobPriority.Backup, "a", Unexpected, default);
        using var stop = new CancellationTokenSource();
        var waits = new TaskCompletionSource();
        var waiting = slots.EnterAsync(JobPriority.Backup, "b", waits.SetResult, stop.Token);
        await waits.Task;

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        Waiting().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(JobKinds.RestoreDatabase, JobPriority.DisasterRecovery)]
    [InlineData(JobKinds.FullBackup, JobPriority.Backup)]
    [InlineData("something-new", JobPriority.Background)]
    public void Of_Kind_HasItsPriority(string kind, JobPriority priority) => JobPriorities.Of(kind).ShouldBe(priority);

    private static void Unexpected() => throw new InvalidOperationException("nobody has to wait here");

    private JobSlots Slots(int limit) => new(_folder.Path, limit, TimeProvider.System);

    private IEnumerable<string> Waiting() => Directory.EnumerateDirectories(_folder[".queue"]);
}
