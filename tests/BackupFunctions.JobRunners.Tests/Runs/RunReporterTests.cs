using BackupFunctions.JobRunners.Runs;
using BackupFunctions.JobRunners.Tests.Support;

namespace BackupFunctions.JobRunners.Tests.Runs;

public sealed class RunReporterTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly RunStore _store;
    private readonly RunReporter _reporter;

    public RunReporterTests()
    {
        _store = new RunStore(_folder.Path);
        _store.Create(Specs.Create("run"));
        _reporter = new RunReporter(_store, "run", _time, _cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _reporter.DisposeAsync();
        _cancellation.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Phase_Begun_IsWrittenAtOnce()
    {
        _reporter.Phase("dump", bytesTotal: 100);

        var progress = _store.ReadProgress("run")!;
        progress.Phase.ShouldBe("dump");
        progress.BytesDone.ShouldBe(0);
        progress.BytesTotal.ShouldBe(100);
        progress.FinishedPhases.ShouldBeEmpty();
        progress.UpdatedAt.ShouldBe(_time.GetUtcNow());
    }

    [Fact]
    public async Task NeedBase_OfAnEarlierStartOfTheRun_IsStillTold()
    {
        _reporter.NeedBase("gap-1");
        _reporter.NeedBase("gap-1");
        _store.ReadProgress("run")!.BasesNeeded.ShouldBe(["gap-1"]);

        // The process was killed; whoever follows the run may not have looked.
        await using var again = new RunReporter(_store, "run", _time, _cancellation);
        again.Tick();
        again.NeedBase("gap-2");

        _store.ReadProgress("run")!.BasesNeeded.ShouldBe(["gap-1", "gap-2"]);
    }

    [Fact]
    public void Phase_Next_FinishesTheOneBeforeAndStartsCountingAnew()
    {
        _reporter.Phase("dump", bytesTotal: 100);
        _reporter.AddBytes(60);
        _reporter.Detail("table a");

        _reporter.Phase("verify");

        var progress = _store.ReadProgress("run")!;
        progress.Phase.ShouldBe("verify");
        progress.BytesDone.ShouldBe(0);
        progress.BytesTotal.ShouldBeNull();
        progress.Detail.ShouldBeNull();
        progress.FinishedPhases.ShouldBe(["dump"]);
    }

    [Fact]
    public void BytesDetailAndFailovers_BetweenTicks_AreWrittenWithTheNextTick()
    {
        _reporter.Phase("download", bytesTotal: 100);
        _reporter.AddBytes(10);
        _reporter.AddBytes(5);
        _reporter.Detail("from r2");
        _reporter.Failover("r2 to b2: unreachable");
        _store.ReadProgress("run")!.BytesDone.ShouldBe(0);

        _time.Advance(TimeSpan.FromMilliseconds(500));

        var progress = _store.ReadProgress("run")!;
        progress.BytesDone.ShouldBe(15);
        progress.Detail.ShouldBe("from r2");
        progress.Failovers.ShouldBe(["r2 to b2: unreachable"]);
    }

    [Fact]
    public void Bytes_AsATotal_ReplacesWhatWasAdded()
    {
        _reporter.Phase("restore");
        _reporter.AddBytes(10);
        _reporter.Bytes(7);

        _reporter.Tick();

        _store.ReadProgress("run")!.BytesDone.ShouldBe(7);
    }

    [Fact]
    public async Task AddBytes_FromManyThreads_LosesNone()
    {
        _reporter.Phase("dump");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var block = 0; block < 10_000; block++)
            {
                _reporter.AddBytes(3);
            }
        })));

        _reporter.Tick();
        _store.ReadProgress("run")!.BytesDone.ShouldBe(8 * 10_000 * 3);
    }

    [Fact]
    public void Tick_NothingChanged_WritesNothing()
    {
        _reporter.Phase("dump");
        File.Delete(_folder["run/progress.json"]);

        _time.Advance(TimeSpan.FromSeconds(1));

        _store.ReadProgress("run").ShouldBeNull();
    }

    [Fact]
    public void Tick_FirstOfANewStart_ReplacesTheProgressOfAnEarlierOne()
    {
        _reporter.Phase("download");
        _reporter.Phase("decompress");
        var second = new RunReporter(_store, "run", _time, _cancellation);

        second.Tick();

        _store.ReadProgress("run")!.FinishedPhases.ShouldBeEmpty();
    }

    [Fact]
    public void Tick_CancelMarker_Cancels()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _cancellation.IsCancellationRequested.ShouldBeFalse();
        _store.RequestCancel("run");

        _time.Advance(TimeSpan.FromMilliseconds(500));

        _cancellation.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Write_FailsOnce_DoesNotDisturbTheWorkAndIsRepeated()
    {
        Directory.CreateDirectory(_folder["run/progress.json"]);
        _reporter.Phase("dump", bytesTotal: 5);
        _reporter.AddBytes(5);
        Directory.Delete(_folder["run/progress.json"]);

        _time.Advance(TimeSpan.FromMilliseconds(500));

        _store.ReadProgress("run")!.BytesDone.ShouldBe(5);
        Directory.EnumerateFiles(_folder["run"], "*.tmp").ShouldBeEmpty();
    }

    [Fact]
    public void Warn_SameSentenceTwice_IsKeptOnce()
    {
        _reporter.Warn("pg_dump is old");
        _reporter.Warn("b2 is away");
        _reporter.Warn("pg_dump is old");

        _reporter.Warnings.ShouldBe(["pg_dump is old", "b2 is away"]);
    }

    [Fact]
    public async Task PhaseSeconds_AllPhases_AreMeasuredIncludingTheLastAndThoseEnteredTwice()
    {
        _time.Advance(TimeSpan.FromSeconds(100));
        _reporter.Phase("dump");
        _time.Advance(TimeSpan.FromSeconds(2));
        _reporter.Phase("verify");
        _time.Advance(TimeSpan.FromSeconds(3));
        _reporter.Phase("dump");
        _time.Advance(TimeSpan.FromSeconds(4));

        await _reporter.EndAsync(succeeded: true);

        _reporter.PhaseSeconds().Select(phase => (phase.Key, phase.Value)).ShouldBe([("dump", 6d), ("verify", 3d)], ignoreOrder: true);
        _store.ReadProgress("run")!.FinishedPhases.ShouldBe(["dump", "verify"]);
    }

    [Fact]
    public async Task End_WorkFailed_ItsLastPhaseIsMeasuredButNotFinished()
    {
        _reporter.Phase("download");
        _time.Advance(TimeSpan.FromSeconds(3));

        await _reporter.EndAsync(succeeded: false);

        _store.ReadProgress("run")!.FinishedPhases.ShouldBeEmpty();
        _reporter.PhaseSeconds().Select(phase => (phase.Key, phase.Value)).ShouldBe([("download", 3d)]);
    }
}
