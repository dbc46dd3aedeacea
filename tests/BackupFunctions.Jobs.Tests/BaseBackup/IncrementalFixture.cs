using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

/// <summary>A server that can have incremental backups, with a table, for the tests of a class.</summary>
public sealed class IncrementalFixture : IAsyncLifetime
{
    public PostgresServer Server { get; private set; } = null!;

    public BackupKeys Keys { get; } = new();

    public async Task InitializeAsync()
    {
        Server = await PostgresServer.StartAsync(18, "wal_keep_size = 1GB", "summarize_wal = on");
        await Server.ExecuteAsync("create table counted (number bigint primary key); insert into counted select generate_series(1, 20000)");
    }

    internal BaseSite NewSite() => new(Server, Keys);

    public async Task DisposeAsync()
    {
        Keys.Dispose();
        await Server.DisposeAsync();
    }
}
