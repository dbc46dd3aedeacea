using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EmbeddedHost.Tests.Durable;

public sealed class IdleTests
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(4);

    /// <summary>Waiting instances and far timers cost nothing: the server sees no transaction.</summary>
    [Fact]
    public async Task IdleHost_AsksTheDatabaseForNothing()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.ExecuteAsync("CREATE DATABASE idle");
        await using var host = new EngineHost(server.ConnectionString("idle"));
        await host
            .Orchestrator("Waits", async c =>
            {
                var timer = c.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return await Task.WhenAny(c.WaitForExternalEvent<string>("never"), timer) == timer;
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits", (StartOrchestrationOptions?)null!);
        await host.UntilAsync(id, found => found.IsRunning);

        // Sessions report their last transactions up to a second after them.
        await Task.Delay(TimeSpan.FromSeconds(2));
        var before = await TransactionsAsync(server);
        await Task.Delay(Watched);
        var after = await TransactionsAsync(server);

        (after - before).ShouldBeLessThanOrEqualTo(1);
    }

    private static async Task<long> TransactionsAsync(PostgresServer server) => await server.ScalarAsync<long>(
        "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'idle'");
}
