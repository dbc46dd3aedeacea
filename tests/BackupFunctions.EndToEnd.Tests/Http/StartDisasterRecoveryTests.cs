using System.Net;
using System.Net.Http.Json;
using System.Text;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Http;

[Collection(HostCollection.Name)]
public sealed class StartDisasterRecoveryTests(HostServer server)
{
    private const string Path = "api/disaster-recovery";

    [Theory]
    [InlineData("""{"database":"invoicing","reason":"test","confirm":"Invoicing"}""", "confirm/mismatch")]
    [InlineData("""{"database":"invoicing","reason":"test"}""", "confirm/mismatch")]
    [InlineData("""{"database":"invoicing","reason":" ","confirm":"invoicing"}""", "reason/missing")]
    [InlineData("""{"database":"invoicing","confirm":"invoicing"}""", "reason/missing")]
    [InlineData("""{"database":"payroll","reason":"test","confirm":"payroll"}""", "database/unknown")]
    [InlineData("""{"reason":"test","confirm":""}""", "database/unknown")]
    [InlineData("""{"database":"invoicing","reason":"test","confirm":"invoicing","targetServer":"moon"}""", "server/unknown")]
    [InlineData("""{"database":7,"reason":"test","confirm":"invoicing"}""", "body")]
    [InlineData("""["invoicing"]""", "body")]
    [InlineData("null", "body")]
    [InlineData("drop everything", "body")]
    [InlineData("", "body")]
    public async Task Start_RequestNotUsable_SaysWhyAsProblemDetails(string body, string type)
    {
        using var client = server.Host.Process.Client(SampleServer.MasterKey);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        await RefusedAsync(client.PostAsync(Path, content), type);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_BodyBeyond64KiB_IsRefused(bool chunked)
    {
        var text = $$"""{"database":"invoicing","reason":"{{new string('x', 64 * 1024)}}","confirm":"invoicing"}""";
        using var client = server.Host.Process.Client(SampleServer.MasterKey);
        using var content = new StringContent(text, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        await RefusedAsync(client.SendAsync(request), "body");
    }

    [Theory]
    [InlineData("", HttpStatusCode.Unauthorized)]
    [InlineData("not-a-key-of-this-host", HttpStatusCode.Unauthorized)]
    [InlineData(SampleServer.FunctionKey, HttpStatusCode.Forbidden)]
    [InlineData(SampleServer.SystemKey, HttpStatusCode.Forbidden)]
    public async Task Start_WithoutTheMasterKey_IsRefused(string key, HttpStatusCode expected)
    {
        using var client = server.Host.Process.Client(key);
        var answer = await Answer.OfAsync(client.PostAsJsonAsync(Path, new { database = "invoicing", reason = "test", confirm = "invoicing" }));
        answer.Status.ShouldBe(expected);
        using var system = server.Host.Process.Client(SampleServer.SystemKey);
        using var instance = await system.GetAsync("runtime/webhooks/durabletask/instances?runtimeStatus=Running,Pending");
        (await instance.Content.ReadAsStringAsync()).ShouldBe("[]");
    }

    [Fact]
    public async Task Start_Accepted_GivesTheManagementLinksAndRefusesASecondOne()
    {
        await server.LoseAsync();
        server.Host.Restart.Hold();
        using var client = server.Host.Process.Client(SampleServer.MasterKey);
        var body = new { database = "invoicing", reason = "the database was dropped", confirm = "invoicing", backupId = server.BackupId };
        var first = await Answer.OfAsync(client.PostAsJsonAsync(Path, body));
        var second = await Answer.OfAsync(client.PostAsJsonAsync(Path, body));
        server.Host.Restart.Release();

        first.Status.ShouldBe(HttpStatusCode.Accepted, first.Text);
        first.Json["id"]!.GetValue<string>().ShouldBe(RecoveryClient.Id);
        first.Location!.ToString().ShouldBe(first.Json["statusQueryGetUri"]!.GetValue<string>());
        first.Json.AsObject().Select(link => link.Key).ShouldBe(
            [
                "id", "purgeHistoryDeleteUri", "restartPostUri", "resumePostUri", "rewindPostUri", "sendEventPostUri", "statusQueryGetUri",
                "suspendPostUri", "terminatePostUri",
            ],
            ignoreOrder: true);
        second.Status.ShouldBe(HttpStatusCode.Conflict);
        second.ContentType.ShouldBe("application/problem+json");
        second.Json["type"]!.GetValue<string>().ShouldBe("urn:backupfunctions:disaster-recovery/running");
        second.Json["instanceId"]!.GetValue<string>().ShouldBe(RecoveryClient.Id);

        // The links work as they are.
        using var anybody = server.Host.Process.Client(string.Empty);
        var end = await first.EndAsync(server.Host.Process);
        end.Json["output"]!["success"]!.GetValue<bool>().ShouldBeTrue(end.Text);
        var restoreId = end.Json["output"]!["restore_log_id"]!.GetValue<string>();
        (await Answer.OfAsync(anybody.DeleteAsync(first.Json["purgeHistoryDeleteUri"]!.GetValue<string>()))).Status.ShouldBe(HttpStatusCode.OK);
        (await Answer.OfAsync(anybody.GetAsync(first.Location))).Status.ShouldBe(HttpStatusCode.NotFound);

        using var reader = server.Host.Process.Client(SampleServer.FunctionKey);
        var reports = await Answer.OfAsync(reader.GetAsync(Path));
        reports.Status.ShouldBe(HttpStatusCode.OK);
        var report = reports.Json[0]!;
        report["restore_log_id"]!.GetValue<string>().ShouldBe(restoreId, "the newest first, and still there after the purge");
        report["backup_id"]!.GetValue<string>().ShouldBe(server.BackupId);
        report["reason"]!.GetValue<string>().ShouldBe("the database was dropped");
        report["steps"]!.AsArray().Count.ShouldBe(7);
    }

    private static async Task RefusedAsync(Task<HttpResponseMessage> request, string type)
    {
        var answer = await Answer.OfAsync(request);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        answer.ContentType.ShouldBe("application/problem+json");
        answer.Json["type"]!.GetValue<string>().ShouldBe($"urn:backupfunctions:{type}");
        answer.Json["detail"]!.GetValue<string>().ShouldNotBeEmpty();
        answer.Json["status"]!.GetValue<int>().ShouldBe(400);
    }
}
