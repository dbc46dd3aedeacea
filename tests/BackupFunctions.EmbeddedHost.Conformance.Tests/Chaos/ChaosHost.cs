using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Chaos;

/// <summary>The workflow under test, and the process that runs it until it is killed.</summary>
internal static class ChaosHost
{
    /// <summary>Activities of one instance of <see cref="Flow"/> and its child.</summary>
    public const int EffectsPerInstance = 8;

    public const string Flow = "Chaos";

    public const string Table = "chaos_effects";

    private const int Rounds = 3;

    public static async Task<int> MainAsync(string connectionString, string hub, string logFolder)
    {
        await using var host = new EngineHost(
            connectionString,
            options =>
            {
                options.HubName = hub;

                // Activities that are killed with their host again and again are the point here, not poison.
                options.MaxDeliveries = 10_000;
            },
            log: new DecisionLog(logFolder));
        await using var effects = NpgsqlDataSource.Create(connectionString);
        host.Orchestrator(Flow, FlowAsync)
            .Orchestrator("Child", async c =>
            {
                var n = c.GetInput<int>();
                await c.CreateTimer(TimeSpan.FromMilliseconds(100), CancellationToken.None);
                return await c.CallActivityAsync<int>("Effect", $"{n}/child-0") + await c.CallActivityAsync<int>("Effect", $"{n}/child-1");
            })
            .Activity<string>("Effect", async (step, cancellation) =>
            {
                await Task.Delay(50, cancellation);
                await using var command = effects.CreateCommand($"INSERT INTO {Table} (step) VALUES ($1)");
                command.Parameters.Add(new NpgsqlParameter { Value = step });
                await command.ExecuteNonQueryAsync(cancellation);
                return 1;
            });
        await host.StartAsync();
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    /// <summary>Activities one by one and side by side, timers, an event, a sub-orchestration; every fifth starts over some times.</summary>
    private static async Task<int> FlowAsync(TaskOrchestrationContext c)
    {
        var (n, round) = (c.GetInput<int[]>()![0], c.GetInput<int[]>()![1]);
        if (n % 5 == 0 && round < Rounds)
        {
            await c.CreateTimer(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            c.ContinueAsNew(new[] { n, round + 1 });
            return 0;
        }

        var sum = 0;
        for (var step = 0; step < 3; step++)
        {
            sum += await c.CallActivityAsync<int>("Effect", $"{n}/step-{step}");
        }

        await c.CreateTimer(TimeSpan.FromMilliseconds(300), CancellationToken.None);
        sum += (await Task.WhenAll(Enumerable.Range(0, 3).Select(i => c.CallActivityAsync<int>("Effect", $"{n}/wide-{i}")))).Sum();
        sum += await c.CallSubOrchestratorAsync<int>("Child", n);
        return sum + await c.WaitForExternalEvent<int>("go");
    }
}
