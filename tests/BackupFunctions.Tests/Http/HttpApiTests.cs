using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Http;
using BackupFunctions.Schedules;
using BackupFunctions.Settings;
using BackupFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Tests.Http;

[Collection(StateServerCollection.Name)]
public sealed class HttpApiTests(StateServer server)
{
    [Fact]
    public async Task DisasterRecovery_StartedTwice_SecondIsConflictUntilTheFirstEnds()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.SelectBackup, Answer.Fails("No backup."));
        var instance = await host.RecoverAsync();
        await host.WaitingAsync(instance, step: 1);

        using var second = await host.Http.PostAsJsonAsync("api/disaster-recovery", new { database = "shop", reason = "again", confirm = "shop" });

        second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        second.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await second.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe("urn:backupfunctions:disaster-recovery/running");
        problem.GetProperty("instanceId").GetString().ShouldBe(instance);

        await host.Client.RaiseEventAsync(instance, "abort");
        await host.ReportAsync(instance);
        await host.RecoverAsync();
        var reports = await host.Http.GetFromJsonAsync<JsonElement>("api/disaster-recovery");
        reports[0].GetProperty("success").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task DisasterRecovery_Unusable_IsProblem()
    {
        await using var host = await AppHost.StartAsync(server);

        using var answer = await host.Http.PostAsJsonAsync("api/disaster-recovery", new { database = "shop", reason = "r", confirm = "no" });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldBe("urn:backupfunctions:confirm/mismatch");
        (await host.Client.GetInstanceAsync(DisasterRecoveryInstances.IdOf("shop"), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Backups_WithoutKey_AreUnauthorized()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Http.DefaultRequestHeaders.Clear();

        foreach (var path in new[] { "api/backups", "api/disaster-recovery" })
        {
            using var answer = await host.Http.PostAsJsonAsync(path, new { database = "shop" });
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        }
    }

    [Fact]
    public async Task DisasterRecovery_RunStoreNotWritable_IsUnavailableAndNothingIsStarted()
    {
        await using var host = await AppHost.StartAsync(server);
        var runs = host.Service<BackupSettings>().RunStorePath;
        Directory.CreateDirectory(runs);
        await File.WriteAllTextAsync(Path.Combine(runs, "tickets"), "a file in place of the folder");

        using var answer = await host.Http.PostAsJsonAsync("api/disaster-recovery", new { database = "shop", reason = "r", confirm = "shop" });

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!.ShouldContain("RUN_STORE_PATH");
        (await host.Client.GetInstanceAsync(DisasterRecoveryInstances.IdOf("shop"), CancellationToken.None)).ShouldBeNull();
    }

    [Theory]
    [InlineData("api/backups")]
    [InlineData("api/backups/20261121T020000123Z-9f3c01ab")]
    public async Task Backups_NoVerificationKey_AreUnavailableWithTheSetting(string path)
    {
        await using var host = await AppHost.StartAsync(server);

        using var answer = await host.Http.GetAsync(new Uri(path, UriKind.Relative));

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe("urn:backupfunctions:key/missing");
        problem.GetProperty("detail").GetString()!.ShouldContain("BACKUP_VERIFY_KEY_PATHS");
    }

    [Fact]
    public async Task Backup_Started_GivesLinksAndRuns()
    {
        await using var host = await AppHost.StartAsync(server);

        using var answer = await host.Http.PostAsJsonAsync("api/backups", new { database = "shop", kind = "Full" });

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var links = await answer.Content.ReadFromJsonAsync<JsonElement>();
        answer.Headers.Location!.ToString().ShouldBe(links.GetProperty("statusQueryGetUri").GetString());
        var end = await host.EndAsync(links.GetProperty("id").GetString()!);
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        host.Jobs.Started.ShouldHaveSingleItem().Parameters["reason"]!.GetValue<string>().ShouldBe("manual");
    }

    [Fact]
    public async Task Schedule_Fires_BacksUpEveryDatabase()
    {
        await using var host = await AppHost.StartAsync(server, ("BACKUP_DATABASES", "shop;crm"));

        await new DailyFullBackup(host.Service<BackupSettings>(), NullLogger<DailyFullBackup>.Instance)
            .Run(new TimerInfo { IsPastDue = true }, host.Client, CancellationToken.None);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.Started.Count < 2)
        {
            await Task.Delay(20, limit.Token);
        }

        host.Jobs.Started.Select(spec => spec.Parameters["database"]!.GetValue<string>()).ShouldBe(["shop", "crm"], ignoreOrder: true);
        host.Jobs.Started.Select(spec => spec.Parameters["reason"]!.GetValue<string>()).ShouldAllBe(reason => reason == "schedule");
    }
}
