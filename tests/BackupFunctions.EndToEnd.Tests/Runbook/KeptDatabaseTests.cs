using BackupFunctions.EndToEnd.Tests.Support;
using Npgsql;

namespace BackupFunctions.EndToEnd.Tests.Runbook;

[Collection(RunbookCollection.Name)]
public sealed class KeptDatabaseTests(SampleServer server)
{
    [Fact]
    public async Task Recovery_BesideALiveDatabase_KeepsThePreviousOneClosed()
    {
        await server.EnsureLiveAsync();
        await server.Server.ExecuteAsync("create table later (what text); insert into later values ('after the backup')", SampleServer.Database);
        var properties = await server.PropertiesAsync();
        var previous = await server.Server.ScalarAsync<uint>($"select oid from pg_database where datname = '{SampleServer.Database}'");
        await using var user = await LogInAsync("invoicing_app");
        await using var host = await RunbookHost.StartAsync(server);

        var report = await (await RecoveryClient.StartAsync(host.Process)).ReportAsync();

        report.Success.ShouldBeTrue();
        (await server.ContentsAsync(server.Server)).ShouldBe(server.Contents);
        (await server.PropertiesAsync()).ShouldBe(properties);
        report.KeptDatabase.ShouldBe($"pgdr_kept_{report.RestoreLogId}");
        (await server.RemainsAsync()).ShouldBe([report.KeptDatabase!]);
        var kept = $"from pg_database where datname = '{report.KeptDatabase}'";
        (await server.Server.ScalarAsync<uint>($"select oid {kept}")).ShouldBe(previous);
        (await server.Server.ScalarAsync<bool>($"select datallowconn {kept}")).ShouldBeFalse();
        await server.Server.ExecuteAsync($"alter database \"{report.KeptDatabase}\" allow_connections true");
        (await server.Server.ScalarAsync<string>("select what from later", report.KeptDatabase!)).ShouldBe("after the backup");
    }

    [Fact]
    public async Task Recovery_RoleThatCouldNotConnect_StillCannot()
    {
        await server.EnsureLiveAsync();
        (await Should.ThrowAsync<PostgresException>(() => LogInAsync("invoicing_former"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        await server.LoseAsync();
        await using var host = await RunbookHost.StartAsync(server);

        (await (await RecoveryClient.StartAsync(host.Process)).ReportAsync()).Success.ShouldBeTrue();

        (await Should.ThrowAsync<PostgresException>(() => LogInAsync("invoicing_former"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        await using var user = await LogInAsync("invoicing_app");
        await using var command = new NpgsqlCommand("show statement_timeout", user);
        (await command.ExecuteScalarAsync()).ShouldBe("30s");
    }

    /// <summary>By the socket, where the server trusts: whether the database lets the role in is what is asked.</summary>
    private async Task<NpgsqlConnection> LogInAsync(string role)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.Server.ConnectionString(SampleServer.Database, role))
        {
            Host = server.Server.SocketFolder,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
