using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Http;
using BackupFunctions.Tests.Support;

namespace BackupFunctions.Tests.Workflows;

/// <summary>The runbook when step 1 has chosen a base backup and log.</summary>
[Collection(StateServerCollection.Name)]
public sealed class PointRecoveryTests(StateServer server)
{
    [Fact]
    public async Task Run_ToAPoint_RecoversTheDatabaseAndNamesThePointReached()
    {
        await using var application = await TinyServer.StartAsync(200);
        await using var host = await AppHost.StartAsync(server, ("HEALTH_CHECK_URL", application.Url.ToString()));
        host.Jobs.On(JobKinds.SelectBackup, Answer.Succeeds(JobResults.SelectedPoint));
        host.Jobs.On(JobKinds.RecoverDatabase, Answer.Runs("download", 500, 1000), Answer.Runs("recover", 1, 10, JobPhases.Download), Answer.Succeeds(JobResults.FetchedPoint));

        var instance = await StartAsync(host, new { database = "shop", reason = "a test", confirm = "shop", targetTime = "2026-01-02T05:00:00+01:00" });
        var report = await host.ReportAsync(instance);

        report.Success.ShouldBeTrue();
        host.Jobs.Started.Select(spec => spec.Kind).ShouldBe([JobKinds.SelectBackup, JobKinds.RecoverDatabase, JobKinds.RestoreDatabase, JobKinds.SwapDatabase]);
        Parameters<SelectBackupParameters>(host, JobKinds.SelectBackup).Point.ShouldBe(new WantedPoint(new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.Zero), Lsn: null));
        var recover = Parameters<RecoverDatabaseParameters>(host, JobKinds.RecoverDatabase);
        (recover.RestoreId, recover.BackupId, recover.Database, recover.Path).ShouldBe((report.RestoreLogId, JobResults.BackupId, "shop", JobResults.SelectedPoint.Path!));
        recover.Order.ShouldBe(["r2"]);
        report.Steps[0].Detail!.ShouldContain("and the log of server main from it on; ");
        report.Steps[1].Detail.ShouldBe("1,000 bytes from r2");
        report.Steps[2].Detail.ShouldBe(
            "recovered to the end of the log: 0/4FFFF28 on timeline 1, last transaction committed at 2026-01-02 04:00:00.000000Z; dumped 5,000 bytes; read 1,000 bytes from r2; 0 were already here");
        report.Point.ShouldBe(JobResults.Point);
        report.RecoveredTo.ShouldBe(JobResults.Point.At);
        report.RpoSeconds.ShouldBe(Math.Round((report.StartTime - JobResults.Point.At.UtcDateTime).TotalSeconds, 1));
        (report.RpoStatus, report.RtoStatus).ShouldBe((ObjectiveStatus.Critical, ObjectiveStatus.Ok));
        (await host.EndAsync(instance)).ReadCustomStatusAs<DisasterRecoveryStatus>()!.Point.ShouldBe(JobResults.Point);
    }

    [Theory]
    [InlineData("""{"targetLsn":"0/16B3748"}""", "0/16B3748")]
    [InlineData("""{"latest":true}""", null)]
    public async Task Start_WithATarget_HandsItToTheFirstStep(string target, string? lsn)
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.SelectBackup, Answer.Fails("No log."));
        var body = JsonSerializer.Deserialize<Dictionary<string, object>>(target)!;
        (body["database"], body["reason"], body["confirm"]) = ("shop", "a test", "shop");

        await host.WaitingAsync(await StartAsync(host, body), step: 1);

        Parameters<SelectBackupParameters>(host, JobKinds.SelectBackup).Point.ShouldBe(new WantedPoint(Time: null, lsn));
    }

    [Fact]
    public async Task Run_AbortedBeforeTheDump_RemovesTheIsolatedServer()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.SelectBackup, Answer.Succeeds(JobResults.SelectedPoint));
        host.Jobs.On(JobKinds.RecoverDatabase, Answer.Runs("recover", 1, 10, JobPhases.Download), Answer.Fails("The log ends before the target."));
        var instance = await host.RecoverAsync();
        (await host.WaitingAsync(instance, step: 3)).Steps[2].Detail.ShouldBe("The log ends before the target.");

        await host.Client.RaiseEventAsync(instance, "abort");
        var report = await host.ReportAsync(instance);

        (report.Success, report.Point, report.RpoStatus, report.RtoStatus).ShouldBe((false, null, null, null));
        Parameters<DiscardRestoreParameters>(host, JobKinds.DiscardRestore).RestoreId.ShouldBe(report.RestoreLogId);
        report.Warnings.ShouldNotContain(warning => warning.Contains("work folder", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_AbortedAndTheServerCannotBeRemoved_SaysSo()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.SelectBackup, Answer.Succeeds(JobResults.SelectedPoint));
        host.Jobs.On(JobKinds.RecoverDatabase, Answer.Fails("The target is away."));
        host.Jobs.On(JobKinds.DiscardRestore, Answer.Fails("The disk is read-only."));
        var instance = await host.RecoverAsync();
        await host.WaitingAsync(instance, step: 2);

        await host.Client.RaiseEventAsync(instance, "abort");
        var report = await host.ReportAsync(instance);

        report.Warnings.ShouldContain(warning => warning == $"The isolated server of restore {report.RestoreLogId} could not be removed: The disk is read-only.");
        report.Warnings.ShouldContain(warning => warning.StartsWith($"The work folder of restore {report.RestoreLogId}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_AbortedBehindTheDump_KeepsIt()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.SelectBackup, Answer.Succeeds(JobResults.SelectedPoint));
        host.Jobs.On(JobKinds.RestoreDatabase, Answer.Fails("The server is away."));
        var instance = await host.RecoverAsync();
        await host.WaitingAsync(instance, step: 4);

        await host.Client.RaiseEventAsync(instance, "abort");
        var report = await host.ReportAsync(instance);

        host.Jobs.StartsOf(JobKinds.DiscardRestore).ShouldBe(0);
        report.Warnings.ShouldContain(warning => warning.StartsWith($"The work folder of restore {report.RestoreLogId}", StringComparison.Ordinal));
    }

    private static async Task<string> StartAsync(AppHost host, object body)
    {
        using var response = await host.Http.PostAsJsonAsync("api/disaster-recovery", body);
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return DisasterRecoveryInstances.IdOf("shop");
    }

    private static T Parameters<T>(AppHost host, string kind) =>
        host.Jobs.Started.First(spec => spec.Kind == kind).Parameters.Deserialize<T>(ContractJson.Options)!;
}
