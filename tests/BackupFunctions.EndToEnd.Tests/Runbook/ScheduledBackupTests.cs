using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Runbook;

[Collection(RunbookCollection.Name)]
public sealed class ScheduledBackupTests(SampleServer server)
{
    /// <summary>The time passes while nobody is there to see it.</summary>
    [Fact]
    public async Task Backup_HostIsKilledWhileItWaits_IsTakenWhenItIsBack()
    {
        await server.EnsureLiveAsync();
        await using var host = await RunbookHost.StartAsync(server);
        using var client = host.Process.Client(SampleServer.FunctionKey);
        var body = new JsonObject { ["database"] = SampleServer.Database, ["notify"] = "ops" };
        var started = await ScheduledStart.SoonAsync(client, body);
        var at = DateTimeOffset.Parse(body["at"]!.GetValue<string>(), CultureInfo.InvariantCulture);

        await host.Process.KillAsync();
        await Until.TrueAsync(() => TimeProvider.System.GetUtcNow() > at, "its time passes", 180);
        await host.Process.StartAgainAsync();
        var back = started with { Location = new Uri(host.Process.Address, started.Location!.PathAndQuery) };
        var output = (await back.EndAsync(host.Process)).Json["output"]!;

        output["status"]!.GetValue<string>().ShouldBe("VERIFIED", output.ToJsonString());
        output["started_at"]!.GetValue<DateTimeOffset>().ShouldBeGreaterThanOrEqualTo(at);
        host.Application.Notices.ShouldNotBeEmpty();
    }
}
