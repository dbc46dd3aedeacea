using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.State;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Schema;

public sealed class SchemaTests(StateServer server) : EngineTest(server)
{
    private static readonly int Newest = typeof(SchemaInstaller).Assembly.GetManifestResourceNames()
        .Count(name => name.StartsWith("schema-", StringComparison.Ordinal));

    [Fact]
    [Conforms("An empty database gets every schema script once, in order", Source.DurableTaskSql)]
    public async Task EmptyDatabase_GetsEveryScript()
    {
        await using var host = new EngineHost(await Server.CreateDatabaseAsync());

        await host.StartAsync();

        var database = host.Service<IStateDatabase>();
        var versions = await QueryAsync(await database.OpenAsync(CancellationToken.None), "SELECT version FROM durable.versions ORDER BY version");
        versions.ShouldBe(Enumerable.Range(1, Newest));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Conforms("A database of the first schema is upgraded with its rows, by one host or by two at once", Source.DurableTaskSql)]
    public async Task FirstSchema_IsUpgradedWithItsRows(int hosts)
    {
        var connectionString = await Server.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(connectionString);
        await InstallFirstAsync(source);
        var started = await Task.WhenAll(Enumerable.Range(0, hosts).Select(_ => new EngineHost(connectionString, options => options.HubName = "old")
            .Orchestrator("Old", async c => $"{c.GetInput<string>()} {await c.WaitForExternalEvent<string>("go")}")
            .StartAsync()));

        await started[0].Client.RaiseEventAsync("from-schema-1", "go", new string('x', 600_000));

        (await started[^1].EndAsync("from-schema-1")).ReadOutputAs<string>()!.Length.ShouldBe("old ".Length + 600_000);
        (await QueryAsync(source, "SELECT version FROM durable.versions ORDER BY version")).ShouldBe(Enumerable.Range(1, Newest));
        foreach (var host in started)
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    [Conforms("A database of a newer schema is refused with both versions", Source.Own)]
    public async Task NewerSchema_IsRefused()
    {
        var connectionString = await Server.CreateDatabaseAsync();
        await using (var first = new EngineHost(connectionString))
        {
            await first.StartAsync();
            await first.StopAsync();
        }

        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var newer = source.CreateCommand("INSERT INTO durable.versions (version) VALUES (999)");
        await newer.ExecuteNonQueryAsync();
        await using var host = new EngineHost(connectionString);

        (await Should.ThrowAsync<Exception>(host.StartAsync)).Message.ShouldContain("999");
    }

    [Fact]
    [Conforms("Hubs in one database do not see each other", Source.DurableTaskSql)]
    public async Task Hubs_AreSeparate()
    {
        EngineHost Host(string hub) => NewHost(options => options.HubName = $"{Hub} {hub}")
            .Orchestrator("Says", _ => Task.FromResult(hub))
            .Orchestrator("Waits", c => c.WaitForExternalEvent<string>("go"));
        var a = await Host("a").StartAsync();
        var b = await Host("b").StartAsync();

        var fromA = await a.RunAsync("Says", null, new StartOrchestrationOptions("same"));
        var fromB = await b.RunAsync("Says", null, new StartOrchestrationOptions("same"));
        await a.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("only-a"));
        await b.Client.PurgeInstancesAsync(null, null, CancellationToken.None);

        fromA.ReadOutputAs<string>().ShouldBe("a");
        fromB.ReadOutputAs<string>().ShouldBe("b");
        (await b.Client.GetInstanceAsync("only-a")).ShouldBeNull();
        (await a.Client.GetInstanceAsync("same")).ShouldNotBeNull();
        (await b.Client.GetInstanceAsync("same")).ShouldBeNull();
    }

    [Fact]
    [Conforms("Purge leaves no row of the instance in any table", Source.DurableTaskSql)]
    public async Task Purge_LeavesNothing()
    {
        var host = await NewHost(options => options.PayloadThreshold = 100)
            .Orchestrator("Calls", c => c.CallActivityAsync<string>("Same", c.GetInput<string>()))
            .Activity<string>("Same", text => text)
            .StartAsync();
        var end = await host.RunAsync("Calls", new string('x', 1000));

        await host.Client.PurgeInstanceAsync(end.InstanceId, CancellationToken.None);

        (await ScalarAsync<long>(
            """
            SELECT sum(n)::bigint FROM (
                SELECT count(*) AS n FROM durable.instances WHERE hub = $1
                UNION ALL SELECT count(*) FROM durable.history WHERE hub = $1
                UNION ALL SELECT count(*) FROM durable.new_events WHERE hub = $1
                UNION ALL SELECT count(*) FROM durable.new_tasks WHERE hub = $1
                UNION ALL SELECT count(*) FROM durable.payloads WHERE hub = $1) AS counted
            """)).ShouldBe(0);
    }

    /// <summary>As the first release left it, with an instance that has not begun.</summary>
    private static async Task InstallFirstAsync(NpgsqlDataSource source)
    {
        using var script = new StreamReader(typeof(SchemaInstaller).Assembly.GetManifestResourceStream("schema-1.sql")!);
        await using var install = source.CreateCommand(
            $$"""
            CREATE SCHEMA durable;
            {{await script.ReadToEndAsync()}}
            INSERT INTO durable.versions (version) VALUES (1);
            INSERT INTO durable.instances (hub, instance_id, execution_id, name, status, created_at, last_updated_at, input)
            VALUES ('old', 'from-schema-1', 'e', 'Old', 'Pending', now(), now(), '"old"');
            INSERT INTO durable.new_events (hub, instance_id, execution_id, is_first, event_type, event)
            VALUES ('old', 'from-schema-1', 'e', true, 'ExecutionStarted',
                '{"type":"ExecutionStarted","Name":"Old","Input":"\"old\"","EventId":-1,"Timestamp":"2026-01-01T00:00:00Z"}');
            """);
        await install.ExecuteNonQueryAsync();
    }

    private static async Task<List<int>> QueryAsync(NpgsqlDataSource source, string sql)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await connection.QueryAsync(row => row.GetInt32(0), sql, CancellationToken.None);
    }
}
