using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.ManualBackups;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Tests.Support;
using BackupFunctions.Workflows;

namespace BackupFunctions.Tests.Workflows;

[Collection(StateServerCollection.Name)]
public sealed class ManualBackupTests(StateServer server)
{
    private static readonly IncrementalBackupResult Incremental = new() { Server = "main", Backup = JobResults.BaseBackup };

    public static TheoryData<ManualBackupKind, bool, string> Kinds => new()
    {
        { ManualBackupKind.Full, false, JobKinds.FullBackup },
        { ManualBackupKind.Base, true, JobKinds.BaseBackup },
        { ManualBackupKind.Incremental, true, JobKinds.IncrementalBackup },
        { ManualBackupKind.Configuration, true, JobKinds.ConfigurationBackup },
        { ManualBackupKind.Archive, true, JobKinds.BaseBackup },
        { ManualBackupKind.Archive, false, JobKinds.FullBackup },
        { ManualBackupKind.Tenant, false, JobKinds.TenantBackup },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Run_OfAKind_TakesItsJobOfItsSubject(ManualBackupKind kind, bool ofServer, string job)
    {
        var jobs = AllKinds();
        var request = new ManualBackupRequest { Kind = kind, Database = ofServer ? null : "shop", Server = ofServer ? "main" : null, RequestedBy = "a test" };

        var result = await ManualBackup.Run(new JobOnlyContext(jobs, kind == ManualBackupKind.Tenant ? request with { Tenants = ["acme"] } : request));

        result.Status.ShouldBe(ManualBackupOutcome.Verified);
        result.BackupId.ShouldBe(JobResults.BackupId);
        (result.Kind, result.Database, result.Server).ShouldBe((kind, request.Database, request.Server));
        var spec = jobs.Started.ShouldHaveSingleItem();
        spec.Kind.ShouldBe(job);
        spec.InstanceId.ShouldBe("instance");
        spec.Parameters[ofServer ? "server" : "database"]!.GetValue<string>().ShouldBe(ofServer ? "main" : "shop");
        spec.Parameters["reason"]!.GetValue<string>().ShouldBe("manual");
        (spec.Parameters["archive"]?.GetValue<bool>() ?? false).ShouldBe(kind == ManualBackupKind.Archive);
        spec.Parameters["tenants"]?.AsArray().Select(tenant => tenant!.GetValue<string>()).ShouldBe(["acme"]);
    }

    [Fact]
    public async Task Run_AtATime_WaitsUntilThen()
    {
        var context = new JobOnlyContext(AllKinds(), ManualBackups.Full with { At = new DateTimeOffset(2026, 11, 21, 4, 30, 0, TimeSpan.Zero) });

        var result = await ManualBackup.Run(context);

        context.Timers[0].ShouldBe(TimeSpan.FromHours(2.5));
        result.At.ShouldBe(result.StartedAt);
    }

    [Fact]
    public async Task Run_CanceledAndDueAtOnce_DoesNotBegin()
    {
        var jobs = AllKinds();
        var context = new JobOnlyContext(jobs, ManualBackups.FarAhead) { Events = { ["cancel"] = "a person" } };

        var result = await ManualBackup.Run(context);

        result.Status.ShouldBe(ManualBackupOutcome.Canceled);
        result.Cause.ShouldBe("canceled before it began, by a person");
        (result.StartedAt, result.DurationSeconds).ShouldBe((null, null));
        jobs.Started.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_NoIncrementalBackupPossible_FailsWithTheReason()
    {
        var jobs = new ScriptedJobRunner();
        jobs.On(JobKinds.IncrementalBackup, Answer.Succeeds(Incremental with { Backup = null, NotTaken = "Server 'main' is older than version 17." }));

        (await FailureAsync(jobs, ManualBackups.Full with { Kind = ManualBackupKind.Incremental, Database = null, Server = "main" })).ShouldBe("Server 'main' is older than version 17.");
    }

    [Theory]
    [InlineData(ManualBackupKind.Full, "needs a database")]
    [InlineData(ManualBackupKind.Tenant, "needs a database")]
    [InlineData(ManualBackupKind.Base, "needs a server")]
    [InlineData(ManualBackupKind.Incremental, "needs a server")]
    [InlineData(ManualBackupKind.Configuration, "needs a server")]
    [InlineData((ManualBackupKind)99, "no kind of backup")]
    public async Task Run_StartedWithoutTheChecks_SaysWhatIsMissing(ManualBackupKind kind, string why) =>
        (await FailureAsync(new ScriptedJobRunner(), new ManualBackupRequest { Kind = kind, RequestedBy = "a test" })).ShouldContain(why);

    [Fact]
    public async Task Run_TenantsNotAllVerified_IsCompletedAndSaysHowMany()
    {
        var jobs = new ScriptedJobRunner();
        jobs.On(JobKinds.TenantBackup, Answer.Succeeds(JobResults.Tenant with { Tenants = 3, Verified = 1, Completed = 2 }, "one copy is missing"));

        var result = await ManualBackup.Run(new JobOnlyContext(jobs, ManualBackups.Full with { Kind = ManualBackupKind.Tenant }));

        result.Status.ShouldBe(ManualBackupOutcome.Completed);
        result.Cause.ShouldBe("2 of 3 tenants have a backup that is not verified.");
        result.BackupId.ShouldBeNull("there are several");
        result.Tenants!.Tenants.ShouldBe(3);
        result.Warnings.ShouldBe(["one copy is missing"]);
    }

    [Fact]
    public async Task Run_WithAHook_TellsItOfEveryEnd()
    {
        await using var receiver = await TinyServer.StartAsync(200);
        await using var host = await AppHost.StartAsync(server, ("BACKUP_NOTIFY_URL", receiver.Url.ToString()), ("CLUSTER_NAME", "prod"));
        var told = ManualBackups.Full with { Hook = "default" };
        host.Jobs.On(JobKinds.FullBackup, Answer.Succeeds(JobResults.Backup, "one copy is missing"));
        var verified = await ManualBackups.ResultAsync(host, await ManualBackups.StartAsync(host, told, "verified"));
        host.Jobs.On(JobKinds.FullBackup, Answer.Succeeds(JobResults.Backup with { Status = BackupStatus.Completed, StatusReason = "A copy did not match." }));
        host.Jobs.On(JobKinds.VerifyCopies, Answer.Succeeds(JobResults.Checked));
        await ManualBackups.ResultAsync(host, await ManualBackups.StartAsync(host, told, "completed"));
        host.Jobs.On(JobKinds.FullBackup, Answer.Fails("The server refused the login."));
        var failed = await host.EndAsync(await ManualBackups.StartAsync(host, told, "failed"));
        await ManualBackups.StartAsync(host, ManualBackups.FarAhead with { Hook = "default" }, "canceled");
        await ManualBackups.WaitingAsync(host, "canceled");
        await host.Client.RaiseEventAsync("canceled", ManualBackupEvents.Cancel, "a person");
        var canceled = await ManualBackups.ResultAsync(host, "canceled");

        verified.Warnings.ShouldBe(["one copy is missing"]);
        canceled.Status.ShouldBe(ManualBackupOutcome.Canceled);
        failed.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        failed.FailureDetails!.ErrorMessage.ShouldContain("The server refused the login.");
        var notices = receiver.Bodies.Select(body => JsonSerializer.Deserialize<BackupNotice>(body, ContractJson.Options)!).ToList();
        notices.Select(notice => (notice.InstanceId, notice.Status, notice.BackupId, notice.Cause)).ShouldBe(
        [
            ("verified", ManualBackupOutcome.Verified, JobResults.BackupId, null),
            ("completed", ManualBackupOutcome.Completed, JobResults.BackupId, "A copy did not match."),
            ("failed", ManualBackupOutcome.Failed, null, "The server refused the login."),
            ("canceled", ManualBackupOutcome.Canceled, null, "canceled before it began, by a person"),
        ]);
        notices.ShouldAllBe(notice => notice.Event == "backup.ended" && notice.Cluster == "prod" && notice.Kind == ManualBackupKind.Full && notice.Database == "shop");
        notices[0].DurationSeconds!.Value.ShouldBeGreaterThanOrEqualTo(0);
        receiver.Bodies.ShouldAllBe(body => body.Length < 1000);
    }

    [Fact]
    public async Task Run_HookDoesNotTakeIt_WarnsAndTheBackupStands()
    {
        await using var receiver = await TinyServer.StartAsync(404);
        await using var host = await AppHost.StartAsync(server, ("NotifyHooks:ops", receiver.Url.ToString()));

        var result = await ManualBackups.ResultAsync(host, await ManualBackups.StartAsync(host, ManualBackups.Full with { Hook = "ops" }, "refused"));
        var gone = await ManualBackups.ResultAsync(host, await ManualBackups.StartAsync(host, ManualBackups.Full with { Hook = "gone" }));
        host.Jobs.On(JobKinds.FullBackup, Answer.Fails("The server refused the login."));
        var failed = await host.EndAsync(await ManualBackups.StartAsync(host, ManualBackups.Full with { Hook = "ops" }));

        result.Status.ShouldBe(ManualBackupOutcome.Verified);
        result.Warnings.ShouldBe(["Hook ops was not told of the end: 127.0.0.1 answered 404."]);
        gone.Warnings.ShouldHaveSingleItem().ShouldContain("set NotifyHooks__gone");
        failed.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        var status = failed.ReadCustomStatusAs<ManualBackupStatus>()!;
        (status.State, status.Detail).ShouldBe((ManualBackupState.Ended, "FAILED: The server refused the login."));
        status.Result!.Warnings.ShouldHaveSingleItem().ShouldContain("answered 404");
    }

    /// <summary>The settings say where notices go, nobody else.</summary>
    [Fact]
    public async Task Run_HookSendsElsewhere_IsNotFollowed()
    {
        await using var elsewhere = await TinyServer.StartAsync(200);
        await using var receiver = await TinyServer.StartAsync(307);
        receiver.Location = elsewhere.Url;
        await using var host = await AppHost.StartAsync(server, ("BACKUP_NOTIFY_URL", receiver.Url.ToString()));

        var result = await ManualBackups.ResultAsync(host, await ManualBackups.StartAsync(host, ManualBackups.Full with { Hook = "default" }));

        result.Warnings.ShouldHaveSingleItem().ShouldContain("answered 307");
        elsewhere.Bodies.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_DefectOfOurs_SaysNothingOfItToTheHook()
    {
        var context = new JobOnlyContext(new ScriptedJobRunner(), ManualBackups.Full with { Hook = "default" })
        {
            Failures = { ["StartJob"] = new InvalidOperationException("canary") },
        };

        await Should.ThrowAsync<TaskFailedException>(ManualBackup.Run(context));

        context.Notifications.ShouldHaveSingleItem().Notice.Cause.ShouldBe(
            "An unexpected System.InvalidOperationException ended the backup; the history of instance instance says more.");
    }

    [Fact]
    public async Task Run_SentenceOfOurs_GoesToTheHook()
    {
        var context = new JobOnlyContext(new ScriptedJobRunner(), ManualBackups.Full with { Hook = "default" })
        {
            Failures = { ["StartJob"] = new PgdrException(ErrorCodes.DiskFull, "The run store is full: free space.") },
        };

        await Should.ThrowAsync<TaskFailedException>(ManualBackup.Run(context));

        context.Notifications.ShouldHaveSingleItem().Notice.Cause.ShouldBe("The run store is full: free space.");
    }

    [Fact]
    public async Task Run_TellingFailsForGood_WarnsAndTheBackupStands()
    {
        var context = new JobOnlyContext(new ScriptedJobRunner(), ManualBackups.Full with { Hook = "ops" })
        {
            Failures = { ["NotifyBackupEnd"] = new InvalidOperationException("canary") },
        };

        var result = await ManualBackup.Run(context);

        result.Status.ShouldBe(ManualBackupOutcome.Verified);
        result.Warnings.ShouldBe(["Hook ops was not told of the end: an unexpected System.InvalidOperationException."]);
    }

    [Fact]
    public async Task Run_TimeIsReached_BeginsAndACancellationComesTooLate()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.FullBackup, Answer.Runs("dump", 10, 100));
        var id = await ManualBackups.StartAsync(host, ManualBackups.Full with { At = TimeProvider.System.GetUtcNow().AddSeconds(1) });
        var running = await ManualBackups.StatusAsync(host, id, status => status.Progress is not null);

        await host.Client.RaiseEventAsync(id, ManualBackupEvents.Cancel, "a person");
        host.Jobs.On(JobKinds.FullBackup, Answer.Succeeds(JobResults.Backup));
        var result = await ManualBackups.ResultAsync(host, id);

        (running.State, running.Detail).ShouldBe((ManualBackupState.Running, "dump"));
        result.Status.ShouldBe(ManualBackupOutcome.Verified);
        result.StartedAt!.Value.ShouldBeGreaterThanOrEqualTo(result.At!.Value);
    }

    /// <summary>Longer than one timer of the engine may be: the chain of them ends with the cancellation.</summary>
    [Fact]
    public async Task Run_WaitsForYears_SaysSoAndCanBeCanceled()
    {
        await using var host = await AppHost.StartAsync(server);
        var id = await ManualBackups.StartAsync(host, ManualBackups.FarAhead);

        var waiting = await ManualBackups.WaitingAsync(host, id);
        await host.Client.RaiseEventAsync(id, ManualBackupEvents.Cancel, eventPayload: null);
        var result = await ManualBackups.ResultAsync(host, id);

        waiting.Detail.ShouldBe("waiting until 2270-01-02T03:04:05Z");
        waiting.At.ShouldBe(ManualBackups.FarAhead.At);
        result.Status.ShouldBe(ManualBackupOutcome.Canceled);
        host.Jobs.Started.ShouldBeEmpty();
    }

    private static ScriptedJobRunner AllKinds()
    {
        var jobs = new ScriptedJobRunner();
        jobs.On(JobKinds.BaseBackup, Answer.Succeeds(JobResults.BaseBackup));
        jobs.On(JobKinds.IncrementalBackup, Answer.Succeeds(Incremental));
        jobs.On(JobKinds.ConfigurationBackup, Answer.Succeeds(JobResults.Configuration));
        jobs.On(JobKinds.TenantBackup, Answer.Succeeds(JobResults.Tenant));
        return jobs;
    }

    private static async Task<string> FailureAsync(ScriptedJobRunner jobs, ManualBackupRequest request) =>
        (await Should.ThrowAsync<StepFailedException>(ManualBackup.Run(new JobOnlyContext(jobs, request)))).Message;
}
