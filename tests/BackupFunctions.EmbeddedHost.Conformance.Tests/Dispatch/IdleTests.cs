using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Dispatch;

[Collection(SlowStateServerCollection.Name)]
public sealed class IdleTests(StateServer server) : EngineTest(server)
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(4);

    /// <summary>Waiting instances and far timers cost nothing: the server sees no transaction.</summary>
    [Fact]
    [Conforms("An idle host asks the state database for nothing between its looks every 30 s", Source.Own)]
    public async Task IdleHost_AsksTheDatabaseForNothing()
    {
        var host = await NewHost()
            .Orchestrator("Waits", async c =>
            {
                var timer = c.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return await Task.WhenAny(c.WaitForExternalEvent<string>("never"), timer) == timer;
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions());
        await host.UntilAsync(id, found => found.IsRunning);

        // Sessions report their last transactions up to a second after them.
        await Task.Delay(TimeSpan.FromSeconds(2));
        var before = await TransactionsAsync();
        await Task.Delay(Watched);
        var after = await TransactionsAsync();

        (after - before).ShouldBeLessThanOrEqualTo(1);
    }

    /// <summary>Asked from another database, so that the question is not counted.</summary>
    private async Task<long> TransactionsAsync()
    {
        var database = new NpgsqlConnectionStringBuilder(ConnectionString).Database;
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres" }.ConnectionString);
        await using var command = source.CreateCommand("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = database });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
