using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Schedules;
using BackupFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Tests.Schedules;

[Collection(StateServerCollection.Name)]
public sealed class HourlyIntegrityCheckTests(StateServer server)
{
    [Fact]
    public async Task Run_CheckBeforeIsStillAtWork_StartsNoneUntilItHasEnded()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.VerifyCopies, Answer.Runs("verify", 1, 2));

        await StartAsync(host);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.Started.Count == 0)
        {
            await Task.Delay(20, limit.Token);
        }

        var first = (await host.Client.GetInstanceAsync(HourlyIntegrityCheck.InstanceId, limit.Token))!;
        await StartAsync(host);

        (await host.Client.GetInstanceAsync(HourlyIntegrityCheck.InstanceId, limit.Token))!.CreatedAt.ShouldBe(first.CreatedAt);
        host.Jobs.Started.ShouldHaveSingleItem().Parameters["repair"]!.GetValue<bool>().ShouldBeTrue();

        await host.Client.TerminateInstanceAsync(HourlyIntegrityCheck.InstanceId, "not now");
        (await host.EndAsync(HourlyIntegrityCheck.InstanceId)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        await StartAsync(host);
        (await host.Client.GetInstanceAsync(HourlyIntegrityCheck.InstanceId, limit.Token))!.CreatedAt.ShouldBeGreaterThan(first.CreatedAt);
    }

    private static Task StartAsync(AppHost host) =>
        new HourlyIntegrityCheck(NullLogger<HourlyIntegrityCheck>.Instance).Run(new TimerInfo(), host.Client, CancellationToken.None);
}
