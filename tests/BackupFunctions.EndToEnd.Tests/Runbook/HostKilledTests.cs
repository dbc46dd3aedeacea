using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Runbook;

[Collection(RunbookCollection.Name)]
public sealed class HostKilledTests(SampleServer server)
{
    [Fact]
    public async Task Recovery_Undisturbed_RestoresIdenticalData()
    {
        await server.LoseAsync();
        await using var host = await RunbookHost.StartAsync(server);
        var recovery = await RecoveryClient.StartAsync(host.Process);
        var report = await recovery.ReportAsync();
        report.Success.ShouldBeTrue();
        report.Steps.ShouldAllBe(step => step.Status == StepStatus.Completed);
        (await server.ContentsAsync(server.Server)).ShouldBe(server.Contents);
    }
}
