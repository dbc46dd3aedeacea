using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Http;

[Collection(HostCollection.Name)]
public sealed class ManualBackupTests(HostServer server)
{
    [Fact]
    public async Task Backup_AtATime_IsTakenThenAndItsHookIsTold()
    {
        await server.EnsureLiveAsync();
        using var client = server.Host.Process.Client(SampleServer.FunctionKey);

        var started = await ScheduledStart.SoonAsync(client, new JsonObject { ["server"] = "main", ["kind"] = "configuration", ["notify"] = "ops" });
        var output = (await started.EndAsync(server.Host.Process)).Json["output"]!;

        output["status"]!.GetValue<string>().ShouldBe("VERIFIED", output.ToJsonString());
        output["warnings"]!.AsArray().ShouldNotContain(warning => warning!.GetValue<string>().Contains("Hook", StringComparison.Ordinal));
        output["started_at"]!.GetValue<DateTimeOffset>().ShouldBeGreaterThanOrEqualTo(output["at"]!.GetValue<DateTimeOffset>());
        var notice = server.Host.Application.Notices.Select(text => JsonNode.Parse(text)!)
            .Single(one => one["instance_id"]!.GetValue<string>() == started.Json["id"]!.GetValue<string>());
        notice["status"]!.GetValue<string>().ShouldBe("VERIFIED");
        notice["kind"]!.GetValue<string>().ShouldBe("CONFIGURATION");
        notice["backup_id"]!.GetValue<string>().ShouldBe(output["backup_id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("", HttpStatusCode.Unauthorized)]
    [InlineData(SampleServer.SystemKey, HttpStatusCode.Forbidden)]
    [InlineData(SampleServer.FunctionKey, HttpStatusCode.OK)]
    public async Task Cancel_WithAKey_AnswersByItsRights(string key, HttpStatusCode expected)
    {
        using var client = server.Host.Process.Client(SampleServer.FunctionKey);
        var started = await Answer.OfAsync(client.PostAsJsonAsync("api/backups", new { database = SampleServer.Database, at = ScheduledStart.Ahead(TimeSpan.FromDays(9)) }));
        var id = started.Json["id"]!.GetValue<string>();

        using var caller = server.Host.Process.Client(key);
        (await CancelAsync(caller, id)).Status.ShouldBe(expected);

        var end = await CancelAsync(client, id);
        end.Status.ShouldBe(HttpStatusCode.OK, end.Text);
        end.Json["status"]!.GetValue<string>().ShouldBe("CANCELED");
    }

    private static Task<Answer> CancelAsync(HttpClient client, string id) => Answer.OfAsync(client.PostAsync($"api/backups/{id}/cancel", content: null));
}
