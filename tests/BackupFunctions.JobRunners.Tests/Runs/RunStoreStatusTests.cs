using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.JobRunners.Tests.Support;

namespace BackupFunctions.JobRunners.Tests.Runs;

public sealed class RunStoreStatusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public RunStoreStatusTests() => _store = new RunStore(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void GetStatus_NoSuchRun_IsUnknown() => _store.GetStatus("run").ShouldBe(new JobStatus(JobState.Unknown, Progress: null, Result: null));

    [Fact]
    public void GetStatus_CreatedAndNeverStarted_IsLost()
    {
        _store.Create(Specs.Create("run"));

        _store.GetStatus("run").State.ShouldBe(JobState.Lost);
    }

    [Fact]
    public void GetStatus_LockHeld_IsRunningUntilItIsReleased()
    {
        _store.Create(Specs.Create("run"));
        using (RunLock.TryAcquire(_store.FolderOf("run")))
        {
            _store.IsAlive("run").ShouldBeTrue();
            _store.GetStatus("run").State.ShouldBe(JobState.Running);
        }

        _store.IsAlive("run").ShouldBeFalse();
        _store.GetStatus("run").State.ShouldBe(JobState.Lost);
    }

    [Fact]
    public void ListRunning_OnlyWhatIsAliveWithoutAResult_IsListed()
    {
        foreach (var run in new[] { "alive", "lost", "finished" })
        {
            _store.Create(Specs.Create(run));
        }

        Directory.CreateDirectory(_folder["reports"]);
        _store.WriteResult(Specs.Result("finished"));
        using var alive = RunLock.TryAcquire(_store.FolderOf("alive"));
        using var finished = RunLock.TryAcquire(_store.FolderOf("finished"));

        _store.ListRunning().ShouldHaveSingleItem().RunId.ShouldBe("alive");
    }

    [Fact]
    public void ListRunning_NoRunStoreYet_IsEmpty() => new RunStore(_folder["nowhere"]).ListRunning().ShouldBeEmpty();

    [Fact]
    public async Task GetStatus_ProcessStartedButWithoutLockYet_IsRunningUntilItDies()
    {
        _store.Create(Specs.Create("run"));
        using var process = new HelperProcess("exec sleep 1000");
        _store.WriteProcess("run", ProcessIdentity.Of(process.Id)!);
        _store.GetStatus("run").State.ShouldBe(JobState.Running);
        FileModes.Of(_folder["run/process.json"]).ShouldBe(FileModes.OwnerFile);

        await process.KillAsync();

        _store.GetStatus("run").State.ShouldBe(JobState.Lost);
    }

    [Fact]
    public void GetStatus_NumberOfTheProcessNowBelongsToAnother_IsLost()
    {
        _store.Create(Specs.Create("run"));
        var own = ProcessIdentity.Of(Environment.ProcessId)!;

        _store.WriteProcess("run", own with { StartTicks = own.StartTicks + 1 });

        _store.GetStatus("run").State.ShouldBe(JobState.Lost);
    }

    [Theory]
    [InlineData(JobState.Succeeded)]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Canceled)]
    public void GetStatus_Result_DecidesEvenWhileTheProcessStillEnds(JobState state)
    {
        _store.Create(Specs.Create("run"));
        using var held = RunLock.TryAcquire(_store.FolderOf("run"));

        _store.WriteResult(Specs.Result("run", state));

        var status = _store.GetStatus("run");
        status.State.ShouldBe(state);
        status.Result!.RunId.ShouldBe("run");
        FileModes.Of(_folder["run/result.json"]).ShouldBe(FileModes.OwnerFile);
    }

    [Fact]
    public void GetStatus_Progress_IsTheLastWritten()
    {
        _store.Create(Specs.Create("run"));
        _store.WriteProgress("run", new JobProgress("dump", 1, 10, Detail: null, [], [], DateTimeOffset.UnixEpoch));

        _store.WriteProgress("run", new JobProgress("verify", 2, BytesTotal: null, "local", ["r2 to b2"], ["dump"], DateTimeOffset.UnixEpoch));

        var progress = _store.GetStatus("run").Progress!;
        progress.Phase.ShouldBe("verify");
        progress.BytesDone.ShouldBe(2);
        progress.BytesTotal.ShouldBeNull();
        progress.Detail.ShouldBe("local");
        progress.Failovers.ShouldBe(["r2 to b2"]);
        progress.FinishedPhases.ShouldBe(["dump"]);
        FileModes.Of(_folder["run/progress.json"]).ShouldBe(FileModes.OwnerFile);
    }
}
