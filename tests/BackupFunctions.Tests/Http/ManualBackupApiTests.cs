using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.ManualBackups;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Tests.Support;
using BackupFunctions.Workflows;

namespace BackupFunctions.Tests.Http;

[Collection(StateServerCollection.Name)]
public sealed class ManualBackupApiTests(StateServer server)
{
    [Fact]
    public async Task Scheduled_WaitAndAreCanceled_AreListedUntilThen()
    {
        await using var host = await AppHost.StartAsync(server, ("BACKUP_NOTIFY_URL", "http://127.0.0.1:9/"), ("NotifyHooks:ops", "http://127.0.0.1:9/"));
        host.Jobs.On(JobKinds.FullBackup, Answer.Runs("dump", 10, 100));
        var soon = TimeProvider.System.GetUtcNow().AddHours(1);
        var later = await StartAsync(host, new { server = "main", kind = "archive", at = soon.AddDays(20).ToString("o") });
        var first = await StartAsync(host, new { database = "shop", at = soon.ToString("o"), notify = "ops" });
        await StartAsync(host, new { database = "shop" });

        var listed = await ListAsync(host);

        listed.Select(one => (one.Id, one.Kind, one.Database, one.Server, one.Hook)).ShouldBe(
            [(first, ManualBackupKind.Full, "shop", null, "ops"), (later, ManualBackupKind.Archive, null, "main", "default")]);
        listed[0].At.ShouldBe(soon);
        listed[0].RequestedBy.ShouldStartWith("http");
        listed[0].RequestedAt.ShouldBe(soon.AddHours(-1), TimeSpan.FromMinutes(10));
        listed.ShouldAllBe(one => !one.Suspended);

        var canceled = await CancelAsync(host, later);
        canceled.Status.ShouldBe(HttpStatusCode.OK, canceled.Text);
        canceled.As<ManualBackupResult>().Status.ShouldBe(ManualBackupOutcome.Canceled);
        canceled.As<ManualBackupResult>().Cause.ShouldBe("canceled before it began, by http, key _master");
        (await ListAsync(host)).ShouldHaveSingleItem().Id.ShouldBe(first);
        (await CancelAsync(host, later)).Status.ShouldBe(HttpStatusCode.OK, "an answer that was lost is asked for again");
    }

    [Fact]
    public async Task Cancel_BackupThatCannotBeCanceled_SaysWhy()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.FullBackup, Answer.Runs("dump", 10, 100));
        var running = await StartAsync(host, new { database = "shop" });
        await ManualBackups.StatusAsync(host, running, status => status.State == ManualBackupState.Running);

        var begun = await CancelAsync(host, running);
        begun.Status.ShouldBe(HttpStatusCode.Conflict);
        begun.Json.GetProperty("type").GetString().ShouldBe("urn:backupfunctions:backup/begun");
        begun.Json.GetProperty("title").GetString().ShouldBe("Too late to cancel");
        begun.Json.GetProperty("instanceId").GetString().ShouldBe(running);
        begun.Json.GetProperty("detail").GetString()!.ShouldContain("has begun and cannot be canceled");

        host.Jobs.On(JobKinds.FullBackup, Answer.Succeeds(JobResults.Backup));
        (await ManualBackups.ResultAsync(host, running)).Status.ShouldBe(ManualBackupOutcome.Verified);
        (await CancelAsync(host, running)).Json.GetProperty("detail").GetString()!.ShouldContain("has ended already, as VERIFIED");

        host.Jobs.On(JobKinds.FullBackup, Answer.Fails("No login."));
        var failing = await StartAsync(host, new { database = "shop" });
        await host.EndAsync(failing);
        (await CancelAsync(host, failing)).Json.GetProperty("detail").GetString()!.ShouldContain("has ended already, as FAILED");

        var unknown = await CancelAsync(host, "nothing");
        unknown.Status.ShouldBe(HttpStatusCode.NotFound);
        unknown.Json.GetProperty("type").GetString().ShouldBe("urn:backupfunctions:backup/unknown");
        var scheduled = await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(FullBackup), new FullBackupParameters("shop", "schedule"));
        (await CancelAsync(host, scheduled)).Status.ShouldBe(HttpStatusCode.NotFound, "a schedule's backup is not a manual one");
    }

    [Fact]
    public async Task Cancel_SuspendedBackup_IsAcceptedAndDoneWhenItIsResumed()
    {
        await using var host = await AppHost.StartAsync(server);
        var id = await StartAsync(host, new { database = "shop", at = TimeProvider.System.GetUtcNow().AddDays(1).ToString("o") });
        await ManualBackups.WaitingAsync(host, id);
        await host.Client.SuspendInstanceAsync(id);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await ListAsync(host)) is not [{ Suspended: true }])
        {
            await Task.Delay(20, limit.Token);
        }

        var accepted = await CancelAsync(host, id);
        await host.Client.ResumeInstanceAsync(id);

        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        (await ManualBackups.ResultAsync(host, id)).Status.ShouldBe(ManualBackupOutcome.Canceled);
    }

    [Fact]
    public async Task Cancel_TerminatedWhileItWaited_HasEnded()
    {
        await using var host = await AppHost.StartAsync(server);
        var id = await StartAsync(host, new { database = "shop", at = TimeProvider.System.GetUtcNow().AddDays(1).ToString("o") });
        await ManualBackups.WaitingAsync(host, id);
        await host.Client.TerminateInstanceAsync(id, "enough");
        (await host.EndAsync(id)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);

        (await CancelAsync(host, id)).Json.GetProperty("detail").GetString()!.ShouldContain("has ended already, as TERMINATED");
        (await ListAsync(host)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Calls_WithoutKey_AreUnauthorized()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Http.DefaultRequestHeaders.Clear();

        using var list = await host.Http.GetAsync(new Uri("api/backups/scheduled", UriKind.Relative));
        list.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await CancelAsync(host, "any")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<string> StartAsync(AppHost host, object body)
    {
        using var answer = await host.Http.PostAsJsonAsync("api/backups", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<IReadOnlyList<ScheduledBackup>> ListAsync(AppHost host) =>
        (await host.Http.GetFromJsonAsync<IReadOnlyList<ScheduledBackup>>("api/backups/scheduled", ContractJson.Options))!;

    private static async Task<Said> CancelAsync(AppHost host, string id)
    {
        using var answer = await host.Http.PostAsync(new Uri($"api/backups/{id}/cancel", UriKind.Relative), content: null);
        return new Said(answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private sealed record Said(HttpStatusCode Status, string Text)
    {
        public JsonElement Json => JsonDocument.Parse(Text).RootElement;

        public T As<T>() => JsonSerializer.Deserialize<T>(Text, ContractJson.Options)!;
    }
}
