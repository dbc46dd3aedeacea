using BackupFunctions.EndToEnd.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EndToEnd.Tests.Runbook;

[Collection(RunbookCollection.Name)]
public sealed class OtherServerTests(SampleServer server)
{
    [Fact]
    public async Task Recovery_ServerGone_RestoresOntoTheServerThatIsNamed()
    {
        await using var spare = await PostgresServer.StartAsync();
        await server.EnsureLiveAsync();
        await server.Server.StopAsync();
        try
        {
            await using var host = await RunbookHost.StartAsync(server, settings =>
            {
                settings["Servers__spare__Host"] = "127.0.0.1";
                settings["Servers__spare__Port"] = $"{spare.Port}";
                settings["Servers__spare__Username"] = "postgres";
                settings["Servers__spare__PasswordFile"] = settings["Servers__main__PasswordFile"];
            });
            var recovery = await RecoveryClient.StartAsync(host.Process, targetServer: "spare");

            var report = await recovery.ReportAsync();

            report.Success.ShouldBeTrue();
            report.KeptDatabase.ShouldBeNull();
            report.Warnings.ShouldContain(warning => warning.Contains("invoicing_owner", StringComparison.Ordinal), "the roles it had to create");
            host.Restart.Calls.ShouldBe([$"{report.RestoreLogId} {SampleServer.Database} spare"]);
            (await server.ContentsAsync(spare)).ShouldBe(server.Contents);
        }
        finally
        {
            await server.Server.StartAgainAsync();
        }
    }
}
