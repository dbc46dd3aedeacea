using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Recovery;
using BackupFunctions.Reports;
using BackupFunctions.Tests.Support;

namespace BackupFunctions.Tests.Workflows;

[Collection(StateServerCollection.Name)]
public sealed class DisasterRecoveryTests(StateServer server)
{
    private static readonly string[] RetryOrAbort = ["retry", "abort"];
    private static readonly string[] ContinueOrAbort = ["continue", "abort"];

    [Fact]
    public async Task Run_EverythingWorks_ReportsSevenCompletedSteps()
    {
        await using var application = await TinyServer.StartAsync(503, 200);
        await using var host = await AppHost.StartAsync(server, ("HEALTH_CHECK_URL", application.Url.ToString()), ("HEALTH_CHECK_INTERVAL", "1"));
        host.Jobs.On(
            JobKinds.FetchBackup,
            Answer.Runs("download", 500, 1000),
            Answer.Runs("decrypt", 1, 10, JobPhases.Download),
            Answer.Succeeds(JobResults.Fetched));

        var report = await host.ReportAsync(await host.RecoverAsync());

        report.Success.ShouldBeTrue();
        report.Steps.Select(step => step.Status).ShouldAllBe(status => status == StepStatus.Completed);
        report.Steps.Select(step => step.Step).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
        report.Steps[0].Detail.ShouldBe($"backup {JobResults.BackupId} (VERIFIED, 2026-01-02 03:04:05Z); signature holds");
        report.Steps[1].Detail.ShouldBe("1,000 bytes from r2");
        report.Steps[2].Detail.ShouldBe("5,000 bytes; read 1,000 bytes from r2; 0 were already here");
        report.Steps[3].Detail.ShouldBe("7 tables, 1,234 rows identical; the previous database is kept as shop_before");
        report.Steps[5].Detail!.ShouldContain("answered 200 (attempt 2 of 30)");
        report.Steps[5].Detail!.ShouldNotContain("canary");
        (report.Database, report.BackupId, report.Reason, report.InitiatedBy).ShouldBe(("shop", JobResults.BackupId, "a test", "http, key _master"));
        (report.KeptDatabase, report.Tables, report.Rows).ShouldBe(("shop_before", 7, 1234L));
        report.RecoveredTo.ShouldBe(JobResults.Selected.SnapshotAt);
        report.RpoSeconds.ShouldBe(Math.Round((report.StartTime - JobResults.Selected.SnapshotAt.UtcDateTime).TotalSeconds, 1));
        (report.RpoStatus, report.RtoStatus, report.Point).ShouldBe((ObjectiveStatus.Critical, ObjectiveStatus.Ok, null));
        report.Warnings.Count.ShouldBe(3);
        report.Warnings.Take(2).ShouldBe(["one copy is missing", "a role was kept"]);
        report.Warnings[2].ShouldStartWith("CRITICAL: the last ");
        host.Actions.Requests.ShouldBe(
        [
            new RecoveryActionRequest(RecoveryActionKind.Restart, "shop", "main", report.RestoreLogId),
            new RecoveryActionRequest(RecoveryActionKind.Reroute, "shop", "main", report.RestoreLogId),
        ]);
        host.Jobs.Started.Select(spec => spec.Kind).ShouldBe([JobKinds.SelectBackup, JobKinds.FetchBackup, JobKinds.RestoreDatabase, JobKinds.SwapDatabase]);
        host.Service<ReportStore>().List().ShouldHaveSingleItem().RestoreLogId.ShouldBe(report.RestoreLogId);
    }

    [Fact]
    public async Task Run_NoPreviousDatabase_SaysSo()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.SwapDatabase, Answer.Succeeds(new SwapDatabaseResult(null, 0)));
        var instance = await host.RecoverAsync();

        var waiting = await host.WaitingAsync(instance, step: 6);

        waiting.Steps[3].Detail!.ShouldEndWith("there was no previous database");
    }

    [Fact]
    public async Task Run_StepFails_WaitsWithCauseAndGoesOnAfterRetry()
    {
        await using var application = await TinyServer.StartAsync(200);
        await using var host = await AppHost.StartAsync(server, ("HEALTH_CHECK_URL", application.Url.ToString()));
        host.Jobs.On(JobKinds.RestoreDatabase, Answer.Fails("The disk is full: free 3 GB."), Answer.Succeeds(JobResults.Restored));
        host.Actions.Failures.Enqueue("The restart action failed: mend it.");
        var instance = await host.RecoverAsync();

        var waiting = await host.WaitingAsync(instance, step: 4);
        waiting.AwaitingEvents.ShouldBe(RetryOrAbort);
        waiting.Steps[3].Status.ShouldBe(StepStatus.Waiting);
        waiting.Steps[3].Detail.ShouldBe("The disk is full: free 3 GB.");
        host.Actions.Requests.ShouldBeEmpty();
        await host.Client.RaiseEventAsync(instance, "retry");
        (await host.WaitingAsync(instance, step: 5)).Steps[4].Detail!.ShouldContain("The restart action failed: mend it.");
        await host.Client.RaiseEventAsync(instance, "retry");
        var report = await host.ReportAsync(instance);

        report.Success.ShouldBeTrue();
        host.Jobs.StartsOf(JobKinds.RestoreDatabase).ShouldBe(2);
        host.Jobs.Started.Select(spec => spec.RunId).ShouldBeUnique(StringComparer.Ordinal);
        host.Actions.Kinds.ShouldBe([RecoveryActionKind.Restart, RecoveryActionKind.Restart, RecoveryActionKind.Reroute]);
    }

    [Fact]
    public async Task Run_Aborted_EndsWithStoredReportOfFailure()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.SelectBackup, Answer.Fails("No backup of shop is VERIFIED."));
        var instance = await host.RecoverAsync();
        await host.WaitingAsync(instance, step: 1);

        await host.Client.RaiseEventAsync(instance, "abort");
        var report = await host.ReportAsync(instance);

        report.Success.ShouldBeFalse();
        report.Steps[0].Status.ShouldBe(StepStatus.Failed);
        report.Steps[0].Detail.ShouldBe("No backup of shop is VERIFIED.");
        report.Steps.Skip(1).Select(step => step.Status).ShouldAllBe(status => status == StepStatus.Pending);
        report.RecoveredTo.ShouldBeNull();
        report.RpoSeconds.ShouldBeNull();
        host.Service<ReportStore>().List().ShouldHaveSingleItem().Success.ShouldBeFalse();
    }

    [Fact]
    public async Task Run_NothingConfigured_WaitsForContinueThreeTimes()
    {
        await using var host = await AppHost.StartAsync(server, ("RESTART_COMMAND", ""), ("REROUTE_COMMAND", ""));
        var instance = await host.RecoverAsync();

        foreach (var (step, setting) in new[] { (5, "RESTART_COMMAND"), (6, "HEALTH_CHECK_URL"), (7, "REROUTE_COMMAND") })
        {
            var waiting = await host.WaitingAsync(instance, step);
            waiting.AwaitingEvents.ShouldBe(ContinueOrAbort);
            waiting.Steps[step - 1].Detail!.ShouldContain(setting);
            await host.Client.RaiseEventAsync(instance, "continue");
        }

        var report = await host.ReportAsync(instance);
        report.Success.ShouldBeTrue();
        report.Steps.Skip(4).Select(step => step.Detail).ShouldAllBe(detail => detail == "done by a person");
        host.Actions.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_AbortedInsteadOfContinued_EndsWithFailure()
    {
        await using var host = await AppHost.StartAsync(server, ("RESTART_COMMAND", ""));
        var instance = await host.RecoverAsync();
        await host.WaitingAsync(instance, step: 5);

        await host.Client.RaiseEventAsync(instance, "abort");
        var report = await host.ReportAsync(instance);

        report.Success.ShouldBeFalse();
        report.Steps[4].Status.ShouldBe(StepStatus.Failed);
        report.Steps[4].Detail.ShouldBe("aborted by a person");
        report.KeptDatabase.ShouldBe("shop_before");
    }

    [Fact]
    public async Task Run_FetchFailsAfterDownload_EveryRetryStartsOneNewFetch()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(
            JobKinds.FetchBackup,
            Answer.Runs("decrypt", 1, 10, JobPhases.Download),
            Answer.Fails("The key cannot open it."),
            Answer.Fails("The target is away."),
            Answer.Succeeds(JobResults.Fetched));
        var instance = await host.RecoverAsync();

        (await host.WaitingAsync(instance, step: 3)).Steps[2].Detail.ShouldBe("The key cannot open it.");
        host.Jobs.StartsOf(JobKinds.FetchBackup).ShouldBe(1);
        await host.Client.RaiseEventAsync(instance, "retry");
        await EventuallyAsync(() => host.Jobs.StartsOf(JobKinds.FetchBackup) == 2);
        var waiting = await host.WaitingAsync(instance, step: 3);
        waiting.Steps[1].Status.ShouldBe(StepStatus.Completed);
        await host.Client.RaiseEventAsync(instance, "retry");
        await host.WaitingAsync(instance, step: 6);

        host.Jobs.StartsOf(JobKinds.FetchBackup).ShouldBe(3);
    }

    [Fact]
    public async Task Run_ApplicationNeverHealthy_StopsBeforeRerouting()
    {
        await using var application = await TinyServer.StartAsync(500);
        await using var host = await AppHost.StartAsync(
            server, ("HEALTH_CHECK_URL", application.Url.ToString()), ("HEALTH_CHECK_ATTEMPTS", "2"), ("HEALTH_CHECK_INTERVAL", "1"));
        var instance = await host.RecoverAsync();

        var waiting = await host.WaitingAsync(instance, step: 6);

        waiting.AwaitingEvents.ShouldBe(RetryOrAbort);
        waiting.Steps[5].Detail!.ShouldStartWith("The application is not healthy after 2 attempts: ");
        waiting.Steps[5].Detail!.ShouldContain("answered 500");
        waiting.Steps[6].Status.ShouldBe(StepStatus.Pending);
        application.Bodies.Count.ShouldBe(2);
        host.Actions.Kinds.ShouldBe([RecoveryActionKind.Restart]);
    }

    [Fact]
    public async Task Run_PublicHealthCheck_IsAskedAfterRerouting()
    {
        await using var application = await TinyServer.StartAsync(200);
        await using var entrance = await TinyServer.StartAsync(502, 200);
        await using var host = await AppHost.StartAsync(
            server, ("HEALTH_CHECK_URL", application.Url.ToString()), ("PUBLIC_HEALTH_CHECK_URL", entrance.Url.ToString()));

        var report = await host.ReportAsync(await host.RecoverAsync());

        report.Success.ShouldBeTrue();
        report.Steps[6].Detail!.ShouldContain("answered 200 (attempt 2 of 5)");
        entrance.Bodies.Count.ShouldBe(2);
        host.Actions.Kinds.ShouldBe([RecoveryActionKind.Restart, RecoveryActionKind.Reroute]);
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
