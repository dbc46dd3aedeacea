using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Http;

[Collection(HostCollection.Name)]
public sealed class BackupsTests(HostServer server)
{
    [Theory]
    [InlineData("", HttpStatusCode.Unauthorized)]
    [InlineData("not-a-key-of-this-host", HttpStatusCode.Unauthorized)]
    [InlineData(SampleServer.SystemKey, HttpStatusCode.Forbidden)]
    [InlineData(SampleServer.FunctionKey, HttpStatusCode.OK)]
    [InlineData(SampleServer.MasterKey, HttpStatusCode.OK)]
    public async Task List_AskedWithAKey_AnswersByItsRights(string key, HttpStatusCode expected)
    {
        using var client = server.Host.Process.Client(key);
        (await Answer.OfAsync(client.GetAsync("api/backups"))).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task Backup_ById_IsFoundOrSaidToBeUnknown()
    {
        using var client = server.Host.Process.Client(SampleServer.FunctionKey);
        var found = await Answer.OfAsync(client.GetAsync($"api/backups/{server.BackupId}"));
        found.Status.ShouldBe(HttpStatusCode.OK, found.Text);
        found.Json["database"]!.GetValue<string>().ShouldBe(SampleServer.Database);
        (await ListAsync(client)).Contains(server.BackupId, StringComparer.Ordinal).ShouldBeTrue();

        var unknown = await Answer.OfAsync(client.GetAsync("api/backups/20200101T000000Z-none"));
        unknown.Status.ShouldBe(HttpStatusCode.NotFound);
        unknown.Json["type"]!.GetValue<string>().ShouldBe("urn:backupfunctions:backup/unknown");
    }

    [Theory]
    [InlineData("""{"database":"payroll"}""", "database/unknown")]
    [InlineData("""{"database":"invoicing","kind":"snapshot"}""", "kind/unknown")]
    [InlineData("""{"database":"invoicing","kind":"incremental"}""", "database/unexpected")]
    [InlineData("""{"database":"invoicing","at":"2020-01-01T00:00:00Z"}""", "at/past")]
    [InlineData("""{"database":"invoicing","notify":"http://127.0.0.1/"}""", "notify/unknown")]
    [InlineData("{", "body")]
    public async Task Start_RequestNotUsable_SaysWhyAsProblemDetails(string body, string type)
    {
        using var client = server.Host.Process.Client(SampleServer.FunctionKey);
        using var content = new StringContent(body);
        var answer = await Answer.OfAsync(client.PostAsync("api/backups", content));
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        answer.Json["type"]!.GetValue<string>().ShouldBe($"urn:backupfunctions:{type}");
    }

    [Fact]
    public async Task Start_Accepted_TakesABackup()
    {
        await server.EnsureLiveAsync();
        using var client = server.Host.Process.Client(SampleServer.FunctionKey);
        var started = await Answer.OfAsync(client.PostAsJsonAsync("api/backups", new { database = SampleServer.Database, kind = "full" }));
        started.Status.ShouldBe(HttpStatusCode.Accepted, started.Text);
        started.Location!.ToString().ShouldBe(started.Json["statusQueryGetUri"]!.GetValue<string>());

        var end = await started.EndAsync(server.Host.Process);
        end.Json["runtimeStatus"]!.GetValue<string>().ShouldBe("Completed", end.Text);
        end.Json["output"]!["status"]!.GetValue<string>().ShouldBe("VERIFIED");
        end.Json["output"]!["copies"]!.AsArray().Count.ShouldBe(2);
        var made = end.Json["output"]!["backup_id"]!.GetValue<string>();

        // A list does not wait for long while somebody else brings the catalog up to date.
        var list = await Until.NotNullAsync(
            async () => await ListAsync(client) is var all && all.Contains(made, StringComparer.Ordinal) ? all : null, () => "the backup is listed");
        list[0].ShouldBe(made, "newest first");
    }

    [Fact]
    public async Task Timer_RunByHand_TakesABackupOfEachDatabase()
    {
        await server.EnsureLiveAsync();
        using var client = server.Host.Process.Client(SampleServer.MasterKey);
        var before = await ListAsync(client);
        (await Answer.OfAsync(client.PostAsJsonAsync("admin/functions/DailyFullBackup", new { input = "" }))).Status.ShouldBe(HttpStatusCode.Accepted);

        var added = await Until.NotNullAsync(
            async () => (await ListAsync(client)) is var after && after.Count > before.Count ? after.Except(before, StringComparer.Ordinal).ToList() : null,
            () => "a further backup",
            120);
        var backup = await Until.NotNullAsync(
            async () => await Answer.OfAsync(client.GetAsync($"api/backups/{added.ShouldHaveSingleItem()}")) is var answer
                && answer.Json["status"]!.GetValue<string>() == "VERIFIED" ? answer.Json : null,
            () => "it is verified");
        backup["database"]!.GetValue<string>().ShouldBe(SampleServer.Database);
    }

    private static async Task<IReadOnlyList<string>> ListAsync(HttpClient client) =>
        [.. (await client.GetFromJsonAsync<JsonArray>("api/backups"))!.Select(backup => backup!["backup_id"]!.GetValue<string>())];
}
