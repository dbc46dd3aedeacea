using BackupFunctions.Activities;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Tests.Support;
using BackupFunctions.Workflows;

namespace BackupFunctions.Tests.Workflows;

[Collection(StateServerCollection.Name)]
public sealed class FinishCopiesTests(StateServer server)
{
    private static readonly string Instance = StartFinishingCopies.InstanceOf(JobResults.BackupId);

    public static TheoryData<string, FullBackupResult> Unfinished => new()
    {
        { "missing", Backup(BackupStatus.Verified, new CopyResult("b2", Written: false, Verified: false, "Unreachable.")) },
        { "not verified", Backup(BackupStatus.Completed, new CopyResult("b2", Written: true, Verified: false, "Differs.")) },
        { "not stated", Backup(BackupStatus.Completed, new CopyResult("b2", Written: true, Verified: true, Error: null)) },
    };

    [Theory]
    [MemberData(nameof(Unfinished))]
    public async Task Backup_EndsWithACopyThatIsNotWhole_ItIsFinishedByAnInstanceOfItsOwn(string what, FullBackupResult unfinished)
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.FullBackup, Answer.Succeeds(unfinished));
        host.Jobs.On(JobKinds.VerifyCopies, Answer.Succeeds(Checked(success: true)));

        var backup = await host.EndAsync(await BackUpAsync(host));

        backup.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, what);
        backup.ReadOutputAs<FullBackupResult>()!.Copies.ShouldBe(unfinished.Copies);
        var end = await host.EndAsync(Instance);
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        end.ReadOutputAs<VerifyCopiesResult>()!.Success.ShouldBeTrue();
        var parameters = host.Jobs.Started.Single(spec => spec.Kind == JobKinds.VerifyCopies).Parameters;
        parameters["backups"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldBe(JobResults.BackupId);
        (parameters["repair"]!.GetValue<bool>(), parameters["ended"]!.GetValue<bool>()).ShouldBe((true, true));
    }

    [Fact]
    public async Task Backup_TargetStaysAway_DoesNotWaitForIt()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.FullBackup, Answer.Succeeds(Backup(BackupStatus.Verified, new CopyResult("b2", Written: false, Verified: false, "Unreachable."))));
        host.Jobs.On(JobKinds.VerifyCopies, Answer.Runs("verify", 1, 2));

        (await host.EndAsync(await BackUpAsync(host))).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);

        (await host.Client.GetInstanceAsync(Instance))!.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Backup_EveryCopyIsVerified_StartsNothing()
    {
        await using var host = await AppHost.StartAsync(server);

        (await host.EndAsync(await BackUpAsync(host))).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);

        (await host.Client.GetInstanceAsync(Instance)).ShouldBeNull();
    }

    [Fact]
    public async Task StartFinishingCopies_Repeated_StartsOneInstance()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.VerifyCopies, Answer.Succeeds(Checked(success: true)));

        await new StartFinishingCopies().Run(JobResults.BackupId, host.Client, CancellationToken.None);
        await host.EndAsync(Instance);
        await new StartFinishingCopies().Run(JobResults.BackupId, host.Client, CancellationToken.None);

        await host.EndAsync(Instance);
        host.Jobs.StartsOf(JobKinds.VerifyCopies).ShouldBe(1);
    }

    [Fact]
    public async Task Run_TargetComesBackLater_IsTriedAfter5And30Minutes()
    {
        var jobs = new ScriptedJobRunner();
        jobs.On(JobKinds.VerifyCopies, Answer.Succeeds(Checked(success: false)), Answer.Fails("The run store is full."), Answer.Succeeds(Checked(success: true)));
        var context = new JobOnlyContext(jobs, JobResults.BackupId);

        (await FinishCopies.Run(context)).Success.ShouldBeTrue();

        context.Timers.ShouldBe([TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)]);
        jobs.Started.Select(spec => spec.RunId).Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
    }

    [Fact]
    public async Task Run_TargetStaysAway_EndsAfterThreeAttemptsWithWhatTheLastOneFound()
    {
        var jobs = new ScriptedJobRunner();
        jobs.On(JobKinds.VerifyCopies, Answer.Succeeds(Checked(success: false)));

        (await FinishCopies.Run(new JobOnlyContext(jobs, JobResults.BackupId))).Success.ShouldBeFalse();
        jobs.Started.Count.ShouldBe(3);

        jobs.On(JobKinds.VerifyCopies, Answer.Fails("The run store is full."));
        (await Should.ThrowAsync<StepFailedException>(() => FinishCopies.Run(new JobOnlyContext(jobs, JobResults.BackupId)))).Message.ShouldBe("The run store is full.");
    }

    private static Task<string> BackUpAsync(AppHost host) =>
        host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(FullBackup), new FullBackupParameters("shop", "test"));

    private static FullBackupResult Backup(BackupStatus status, CopyResult second) =>
        JobResults.Backup with { Status = status, Copies = [.. JobResults.Backup.Copies, second] };

    private static VerifyCopiesResult Checked(bool success) => JobResults.Checked with { Success = success, Unreachable = success ? 0 : 1 };
}
