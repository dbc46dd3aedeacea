using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests;

public class PostgresServerTests
{
    [Fact]
    public async Task PostgresServer_Started_Answers()
    {
        await using var server = await PostgresServer.StartAsync();

        (await server.ScalarAsync<int>("select 40 + 2")).ShouldBe(42);
    }
}
