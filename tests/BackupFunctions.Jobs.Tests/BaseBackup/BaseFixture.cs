using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

/// <summary>One server with data checksums, with a table of more than one slice and small ones, for the tests of a class.</summary>
public sealed class BaseFixture : IAsyncLifetime
{
    private const string Tables = """
        create table large (text text);
        alter table large alter text set storage external;
        insert into large select repeat(md5(i::text), 250) from generate_series(1, 9000) i;
        create table counted (number bigint primary key);
        create unlogged table unlogged (number bigint);
        insert into unlogged values (1);
        """;

    public PostgresServer Server { get; private set; } = null!;

    public BackupKeys Keys { get; } = new();

    public async Task InitializeAsync()
    {
        Server = await PostgresServer.StartAsync(15, "wal_keep_size = 1GB");
        await Server.StopAsync("fast");
        await CommandLine.RunAsync(Path.Combine(Server.Binaries, "pg_checksums"), "--enable", "--no-sync", "-D", Server.DataFolder);
        await CommandLine.RunAsync("chown", "-R", "--reference", Server.DataFolder, Server.DataFolder);
        await Server.StartAgainAsync();
        await Server.ExecuteAsync(Tables);
    }

    internal BaseSite NewSite() => new(Server, Keys);

    public async Task DisposeAsync()
    {
        Keys.Dispose();
        await Server.DisposeAsync();
    }
}
