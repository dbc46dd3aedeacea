using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

public sealed class BrokenStateTests(StateDatabaseFixture database) : IClassFixture<StateDatabaseFixture>
{
    [Fact]
    [Conforms("An unexpected error: 500 with an error body, which has a Message and no inner words", Source.DurableExtension)]
    public async Task Status_HistoryUnreadable_Is500WithABody()
    {
        await using var host = await TestHost.StartAsync(database.ConnectionString, [typeof(WorkflowFunctions)]);
        (await host.CodeAsync(HttpMethod.Post, "/runtime/webhooks/durabletask/orchestrators/Hello/one?timeout=60&pollingInterval=1", TestHost.SystemKey))
            .ShouldBe(200);
        await RunAsync("ALTER TABLE durable.history RENAME TO away");

        using var response = await host.SendAsync(HttpMethod.Get, "/runtime/webhooks/durabletask/instances/one?showHistory=true", TestHost.SystemKey);

        ((int)response.StatusCode).ShouldBe(500);
        var error = await response.Content.ReadFromJsonAsync<JsonElement>();
        error.EnumerateObject().Select(property => property.Name).ShouldBe(["Message"]);
        error.GetProperty("Message").GetString()!.ShouldNotContain("durable.history");
        await RunAsync("ALTER TABLE durable.away RENAME TO history");
    }

    private async Task RunAsync(string sql)
    {
        await using var state = database.Open();
        var source = await state.OpenAsync(CancellationToken.None);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
