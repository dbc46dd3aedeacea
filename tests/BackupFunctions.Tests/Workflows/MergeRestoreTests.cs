using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Merges;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Http;
using BackupFunctions.Tests.Support;
using BackupFunctions.Workflows;

namespace BackupFunctions.Tests.Workflows;

/// <summary>What follows what in a merge, and what it leaves.</summary>
[Collection(StateServerCollection.Name)]
public sealed class MergeRestoreTests(StateServer server)
{
    private static readonly string[] UntilPlan = [JobKinds.SelectBackup, JobKinds.FetchBackup, JobKinds.RestoreDatabase, JobKinds.MergeDatabase];

    [Fact]
    public async Task Run_Plan_CountsAndTakesNoBackup()
    {
        await using var host = await AppHost.StartAsync(server);
        using var answer = await host.Http.PostAsJsonAsync("api/merges", new { database = "shop", reason = "rows are missing" });
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString().ShouldBe(MergeInstances.IdOf("shop"));

        var (report, status) = await EndAsync(host);

        Kinds(host).ShouldBe([.. UntilPlan, JobKinds.DiscardRestore]);
        (report.Success, report.UndoBackupId, report.Reason, report.BackupId).ShouldBe((true, null, "rows are missing", JobResults.BackupId));
        report.Merges.ShouldHaveSingleItem().Applied.ShouldBeFalse();
        report.InitiatedBy!.ShouldStartWith("http");
        status.Steps.Select(step => (step.Name, step.Status)).ShouldBe(
            [
                ("select_backup", StepStatus.Completed), ("fetch", StepStatus.Completed), ("restore", StepStatus.Completed), ("plan", StepStatus.Completed),
                ("undo_backup", StepStatus.Skipped), ("apply", StepStatus.Skipped), ("clean_up", StepStatus.Completed),
            ]);
        status.Steps[3].Detail.ShouldBe("3 rows to add, 2 to change, 1 conflicting");
        report.Steps.ShouldBe(status.Steps);
        host.Merges().ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_Apply_BacksUpBetweenPlanAndWriting()
    {
        await using var host = await AppHost.StartAsync(server);
        await host.MergeAsync();

        var (report, status) = await EndAsync(host);

        Kinds(host).ShouldBe([.. UntilPlan, JobKinds.FullBackup, JobKinds.MergeDatabase, JobKinds.DiscardRestore]);
        report.UndoBackupId.ShouldBe(JobResults.BackupId);
        report.Merges.ShouldHaveSingleItem().Applied.ShouldBeTrue();
        status.UndoBackupId.ShouldBe(JobResults.BackupId);
        Parameters<FullBackupParameters>(host, JobKinds.FullBackup).Single().ShouldBe(new FullBackupParameters("shop", "before a merge"));
        var merges = Parameters<MergeParameters>(host, JobKinds.MergeDatabase);
        merges.Select(merge => (merge.RestoreId, merge.Database, merge.TargetServer, merge.ScratchOid, merge.Apply)).ShouldBe(
            [(report.RestoreId!, "shop", "main", 4711L, false), (report.RestoreId!, "shop", "main", 4711L, true)]);
        Parameters<DiscardRestoreParameters>(host, JobKinds.DiscardRestore).Single().ShouldBe(new DiscardRestoreParameters(report.RestoreId!) { TargetServer = "main" });
    }

    [Fact]
    public async Task Run_ToAPointOfTenants_RecoversAndHandsEverythingOn()
    {
        await using var host = await AppHost.StartAsync(
            server, ("Databases:0:Name", "saas"), ("Databases:0:Tenants:Mode", "column"), ("Databases:0:Tenants:Column", "tenant_id"));
        host.Jobs.On(JobKinds.SelectBackup, Answer.Succeeds(JobResults.SelectedPoint));
        host.Jobs.On(JobKinds.MergeDatabase, Answer.Succeeds(Tenants("a", "b", stopped: "b")), Answer.Succeeds(Tenants("a")));
        using var answer = await host.Http.PostAsJsonAsync("api/merges", new
        {
            database = "saas", reason = "r", confirm = "saas", targetTime = "2026-01-02T05:00:00+01:00", tables = new[] { "public.*" }, tenants = new[] { "a", "b" },
            policy = "newest", newestColumn = "changed", apply = true, undo = false,
        });
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());

        var (report, status) = await EndAsync(host, "saas");

        Kinds(host).ShouldBe(
            [JobKinds.SelectBackup, JobKinds.RecoverDatabase, JobKinds.RestoreDatabase, JobKinds.MergeDatabase, JobKinds.MergeDatabase, JobKinds.DiscardRestore]);
        Parameters<SelectBackupParameters>(host, JobKinds.SelectBackup).Single().ShouldBe(
            new SelectBackupParameters("saas", null, null) { Into = $"pgdr_{report.RestoreId}", Point = new WantedPoint(new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.Zero), null) });
        var merges = Parameters<MergeParameters>(host, JobKinds.MergeDatabase);
        merges.ShouldAllBe(merge => merge.Policy == MergePolicy.Newest && merge.NewestColumn == "changed" && merge.Tables.Single() == "public.*");
        merges.Select(merge => string.Join(',', merge.Tenants)).ShouldBe(["a,b", "a"]);
        (report.Success, report.Point, report.SnapshotAt).ShouldBe((false, JobResults.Point, JobResults.Point.At));
        report.Merges.Select(merge => merge.Tenant).ShouldBe(["b", "a"]);
        (status.Steps[4].Status, status.Steps[4].Detail).ShouldBe((StepStatus.Skipped, "not wanted"));
        status.Steps[3].Detail!.ShouldEndWith("; refused: 1");
    }

    [Fact]
    public async Task Run_EverythingRefused_WritesNothingAndTakesNoBackup()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.MergeDatabase, Answer.Succeeds(JobResults.Merged(applied: false, "2 rows have no parent.")));
        await host.MergeAsync();

        var (report, status) = await EndAsync(host);

        Kinds(host).ShouldBe([.. UntilPlan, JobKinds.DiscardRestore]);
        report.Success.ShouldBeFalse();
        status.Steps[5].Detail.ShouldBe("refused: nothing is written");
    }

    [Theory]
    [InlineData(BackupStatus.Completed)]
    [InlineData(BackupStatus.Failed)]
    public async Task Run_UndoBackupIsNotVerified_WritesNothing(BackupStatus status)
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.FullBackup, Answer.Succeeds(JobResults.Backup with { Status = status }));
        host.Jobs.On(JobKinds.VerifyCopies, Answer.Succeeds(JobResults.Checked));
        await host.MergeAsync();

        (await FailureAsync(host)).ShouldContain("is not verified, nothing was written");

        host.Jobs.StartsOf(JobKinds.MergeDatabase).ShouldBe(1);
        host.Jobs.StartsOf(JobKinds.DiscardRestore).ShouldBe(1);
    }

    [Theory]
    [InlineData(JobKinds.SelectBackup, 0)]
    [InlineData(JobKinds.FetchBackup, 1)]
    [InlineData(JobKinds.RestoreDatabase, 1)]
    [InlineData(JobKinds.MergeDatabase, 1)]
    [InlineData(JobKinds.FullBackup, 1)]
    public async Task Run_StepFails_EndsWithItsSentenceAndCleansUp(string kind, int discarded)
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(kind, Answer.Fails("The server refused the login: check Servers__main__Password."));
        await host.MergeAsync();

        (await FailureAsync(host)).ShouldContain("The server refused the login: check Servers__main__Password.");

        host.Jobs.StartsOf(JobKinds.DiscardRestore).ShouldBe(discarded);
        host.Merges().ShouldBeEmpty();
        var status = (await host.EndAsync(MergeInstances.IdOf("shop"))).ReadCustomStatusAs<MergeRestoreStatus>()!;
        status.Steps.Count(step => step.Status == StepStatus.Failed).ShouldBe(1);
        status.Steps.ShouldAllBe(step => step.Status != StepStatus.Pending);
    }

    [Fact]
    public async Task Run_JobLostWhileItWrites_IsStartedAgainUnderTheSameRun()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.MergeDatabase, Answer.Succeeds(JobResults.Planned), Answer.Lost, Answer.Succeeds(JobResults.Written));
        await host.MergeAsync();

        var (report, _) = await EndAsync(host);

        report.Merges.ShouldHaveSingleItem().Applied.ShouldBeTrue();
        var runs = host.Jobs.Started.Where(spec => spec.Kind == JobKinds.MergeDatabase).Select(spec => spec.RunId);
        runs.GroupBy(run => run, StringComparer.Ordinal).Select(group => group.Count()).ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Run_ConnectionBreaksWhileItWrites_IsRunAgainTwice(int breaks, bool succeeds)
    {
        var jobs = new ScriptedJobRunner();
        var broken = Answer.Fails("The connection to server main broke in the merge.", ErrorCodes.ServerUnreachable);
        jobs.On(JobKinds.MergeDatabase, [Answer.Succeeds(JobResults.Planned), .. Enumerable.Repeat(broken, breaks), Answer.Succeeds(JobResults.Written)]);
        var context = new JobOnlyContext(jobs, new MergeRestoreRequest { Database = "shop", Apply = true, Undo = false });

        var run = MergeRestore.Run(context);

        if (succeeds)
        {
            (await run).Merges.ShouldHaveSingleItem().Applied.ShouldBeTrue();
        }
        else
        {
            (await Should.ThrowAsync<StepFailedException>(() => run)).Message.ShouldStartWith("The connection to server main broke");
        }

        context.Timers.ShouldBe([TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2)]);
        jobs.StartsOf(JobKinds.MergeDatabase).ShouldBe(4);
        jobs.StartsOf(JobKinds.DiscardRestore).ShouldBe(1);
    }

    [Fact]
    public async Task Run_CleanUpFails_IsToldAndLeftToTheSweep()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.DiscardRestore, Answer.Fails("Server main is away: start it.", ErrorCodes.ServerUnreachable));
        await host.MergeAsync();

        var (report, _) = await EndAsync(host);

        report.Merges.ShouldHaveSingleItem().Applied.ShouldBeTrue();
        report.Warnings!.ShouldContain(warning => warning.Contains("is not removed yet") && warning.Contains("Server main is away"));
        host.Merges().ShouldHaveSingleItem().ShouldBe(new MergeEntry(report.RestoreId!, MergeInstances.IdOf("shop"), "shop", "main"));
    }

    private static MergeRunResult Tenants(string first, string? second = null, string? stopped = null) => new(
        [
            .. new[] { first, second }.OfType<string>().Select(tenant => new MergeResult
            {
                Database = "shop", Tenant = tenant, Policy = MergePolicy.Newest, Applied = second is null, Tables = [], Blockers = tenant == stopped ? ["One row has no parent."] : [],
            }),
        ],
        []);

    private static IEnumerable<string> Kinds(AppHost host) => host.Jobs.Started.Select(spec => spec.Kind);

    private static List<T> Parameters<T>(AppHost host, string kind) =>
        [.. host.Jobs.Started.Where(spec => spec.Kind == kind).Select(spec => spec.Parameters.Deserialize<T>(ContractJson.Options)!)];

    private static async Task<(MergeRestoreReport Report, MergeRestoreStatus Status)> EndAsync(AppHost host, string database = "shop")
    {
        var end = await host.EndAsync(MergeInstances.IdOf(database));
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, end.FailureDetails?.ErrorMessage);
        return (end.ReadOutputAs<MergeRestoreReport>()!, end.ReadCustomStatusAs<MergeRestoreStatus>()!);
    }

    private static async Task<string> FailureAsync(AppHost host)
    {
        var end = await host.EndAsync(MergeInstances.IdOf("shop"));
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        return end.FailureDetails!.ErrorMessage;
    }
}
