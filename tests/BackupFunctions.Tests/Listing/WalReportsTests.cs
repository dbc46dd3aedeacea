using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.Listing;
using BackupFunctions.Tests.Support;

namespace BackupFunctions.Tests.Listing;

public sealed class WalReportsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedJobRunner _runner = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_WhileAnotherLooks_IsTheSameLook()
    {
        var ends = false;
        _runner.On(JobKinds.WalStatus, spec => (Volatile.Read(ref ends) ? Answer.Succeeds(new WalStatusReport([], ["one"])) : Answer.Runs("look", 1, 2))(spec));
        var reports = new WalReports(_runner, new RunStore(_folder.Path), TimeProvider.System);

        var first = reports.ReadAsync(CancellationToken.None);
        var second = reports.ReadAsync(CancellationToken.None);
        Volatile.Write(ref ends, true);

        (await first).ShouldBeSameAs(await second);
        await reports.ReadAsync(CancellationToken.None);
        _runner.StartsOf(JobKinds.WalStatus).ShouldBe(2);
    }

    [Fact]
    public async Task Read_JobEnds_ForgetsItsRun()
    {
        var runs = new RunStore(_folder.Path);
        _runner.On(JobKinds.WalStatus, spec =>
        {
            runs.Create(spec);
            return Answer.Succeeds(new WalStatusReport([], []))(spec);
        });

        await new WalReports(_runner, runs, TimeProvider.System).ReadAsync(CancellationToken.None);

        runs.ListIds().ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_TakesTooLong_SaysSoAndTheLookGoesOn()
    {
        _runner.On(JobKinds.WalStatus, Answer.Runs("look", 1, 2));
        var time = new ManualTimeProvider();
        var reports = new WalReports(_runner, new RunStore(_folder.Path), time);
        var asked = reports.ReadAsync(CancellationToken.None);

        time.Pass(TimeSpan.FromSeconds(120));

        (await Should.ThrowAsync<PgdrException>(() => asked)).Message.ShouldContain("ask again");
        _ = reports.ReadAsync(CancellationToken.None);
        _runner.StartsOf(JobKinds.WalStatus).ShouldBe(1);
    }
}
