using System.Net;
using System.Net.Http.Json;
using BackupFunctions.Activities;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Schedules;
using BackupFunctions.Settings;
using BackupFunctions.Tests.Support;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Tests.Workflows;

[Collection(StateServerCollection.Name)]
public sealed class TenantBackupsTests(StateServer server)
{
    private static readonly TenantBackupResult Done = new()
    {
        Database = "shop", Tenants = 3, Verified = 3, Completed = 0, Failed = 0, TakenBefore = 2, Backups = [], Failures = [], Rows = 600, PlainSize = 10, StoredSize = 5,
    };

    private static readonly TenantBackupParameters All = new("shop", "test", Tenants: null);

    [Fact]
    public async Task Run_SomeTenantsFail_AnotherJobOfTheSameRunFollows()
    {
        var jobs = new ScriptedJobRunner();
        jobs.On(JobKinds.TenantBackup, Answer.Fails("1 of 3 tenants of 'shop' failed: correct it."), Answer.Fails("Server main is away: start it."), Answer.Succeeds(Done));
        var context = new JobOnlyContext(jobs, All);

        var result = await TenantBackups.Run(context);

        (result.Verified, result.TakenBefore).ShouldBe((3, 2));

        context.Timers.ShouldBe([TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)]);
        jobs.Started.Select(spec => spec.RunId).Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
        jobs.Started.Select(spec => spec.Parameters["run"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).ShouldBe(["instance"]);
    }

    [Fact]
    public async Task Run_FailsThreeTimes_FailsWithTheLastSentence()
    {
        var jobs = new ScriptedJobRunner();
        jobs.On(JobKinds.TenantBackup, Answer.Fails("1 of 3 tenants of 'shop' failed: correct it."));

        (await Should.ThrowAsync<StepFailedException>(() => TenantBackups.Run(new JobOnlyContext(jobs, All)))).Message.ShouldStartWith("1 of 3");

        jobs.Started.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(ErrorCodes.TenantTables)]
    [InlineData(ErrorCodes.TenantUnknown)]
    [InlineData(ErrorCodes.PermissionMissing)]
    [InlineData(ErrorCodes.InvalidSettings)]
    public async Task Run_FailsByWhatOnlyAPersonChanges_IsNotTriedAgain(string code)
    {
        var jobs = new ScriptedJobRunner();
        jobs.On(JobKinds.TenantBackup, Answer.Fails("It cannot be: change it.", code));

        await Should.ThrowAsync<StepFailedException>(() => TenantBackups.Run(new JobOnlyContext(jobs, All)));

        jobs.Started.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Run_SomeCopiesAreMissing_TheyAreFinishedOnceForTheRun()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.TenantBackup, Answer.Succeeds(Done with { Unfinished = 2 }));
        host.Jobs.On(JobKinds.VerifyCopies, Answer.Succeeds(JobResults.Checked));
        var run = await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(TenantBackups), All);

        (await host.EndAsync(run)).ReadOutputAs<TenantBackupResult>()!.Unfinished.ShouldBe(2);

        var end = await host.EndAsync(StartFinishingTenants.InstanceOf(run));
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        var parameters = host.Jobs.Started.Where(spec => spec.Kind == JobKinds.VerifyCopies).ShouldHaveSingleItem().Parameters;
        (parameters["tenant_run"]!["database"]!.GetValue<string>(), parameters["tenant_run"]!["run"]!.GetValue<string>()).ShouldBe(("shop", run));
        (parameters["repair"]!.GetValue<bool>(), parameters["ended"]!.GetValue<bool>()).ShouldBe((true, true));
    }

    [Fact]
    public async Task Run_EveryCopyIsVerified_StartsNothing()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.TenantBackup, Answer.Succeeds(Done));
        var run = await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(TenantBackups), All);

        await host.EndAsync(run);

        (await host.Client.GetInstanceAsync(StartFinishingTenants.InstanceOf(run))).ShouldBeNull();
    }

    [Theory]
    [InlineData(ErrorCodes.TenantsFailed, true)]
    [InlineData(ErrorCodes.TenantRunBusy, true)]
    [InlineData(ErrorCodes.TenantTables, false)]
    public async Task Run_Fails_WhatItHasBackedUpIsFinishedUnlessNothingWasBegun(string code, bool finishes)
    {
        var jobs = new ScriptedJobRunner();
        jobs.On(JobKinds.TenantBackup, Answer.Fails("1 of 3 tenants of 'shop' failed: correct it.", code));
        var context = new JobOnlyContext(jobs, All);

        await Should.ThrowAsync<StepFailedException>(() => TenantBackups.Run(context));

        context.OtherActivities.ShouldBe(finishes ? [nameof(StartFinishingTenants)] : []);
    }

    [Fact]
    public async Task WeeklyTenants_OnlyDatabasesWhoseTenantsCanBeListed_AreBackedUp()
    {
        await using var host = await AppHost.StartAsync(server, [.. Tenants(0, "listed", "Root", "public.tenants(id)"), .. Tenants(1, "unlisted", "Column", "tenant_id")]);
        host.Jobs.On(JobKinds.TenantBackup, Answer.Succeeds(Done));

        await new WeeklyTenants(host.Service<BackupSettings>(), NullLogger<WeeklyTenants>.Instance).Run(new TimerInfo(), host.Client, CancellationToken.None);

        var job = await FirstJobAsync(host);
        job.Parameters["database"]!.GetValue<string>().ShouldBe("listed");
        job.Parameters["tenants"].ShouldBeNull();
        (await host.EndAsync(job.InstanceId!)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        host.Jobs.Started.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Http_KindTenantWithNames_StartsTheirBackups()
    {
        await using var host = await AppHost.StartAsync(server, Tenants(0, "listed", "Root", "public.tenants(id)"));
        host.Jobs.On(JobKinds.TenantBackup, Answer.Succeeds(Done));

        using var answer = await host.Http.PostAsJsonAsync("api/backups", new { database = "listed", kind = "tenant", tenants = new[] { "acme", "Müller" } });

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        (await FirstJobAsync(host)).Parameters["tenants"]!.AsArray().Select(tenant => tenant!.GetValue<string>()).ShouldBe(["acme", "Müller"]);
    }

    private static (string, string)[] Tenants(int index, string database, string name, string value) =>
    [
        ($"Databases:{index}:Name", database), ($"Databases:{index}:Tenants:Mode", "column"), ($"Databases:{index}:Tenants:{name}", value),
    ];

    private static async Task<JobSpec> FirstJobAsync(AppHost host)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.Started.Count == 0)
        {
            await Task.Delay(20, limit.Token);
        }

        return host.Jobs.Started[0];
    }
}
