using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests.Support;

/// <summary>A server with a small database, keys, and one backup that tests only read.</summary>
public sealed class CliFixture : IAsyncLifetime
{
    public const string Database = "shop";
    public const long Rows = 300;

    private int _number;

    public PostgresServer Server { get; private set; } = null!;

    public BackupKeys Keys { get; } = new();

    /// <summary>With one VERIFIED backup of <see cref="Database"/>.</summary>
    public BackupSite Site { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await PostgresServer.StartAsync();
        await CreateAsync(Database);
        Site = new BackupSite(Server, Keys, Database);
        (await Pgdr.RunAsync(Site, "backup", "run", Database)).ShouldSucceed();
    }

    /// <summary>A database of <see cref="Rows"/> rows and empty targets for it.</summary>
    public async Task<(BackupSite Site, string Database)> NewSiteAsync()
    {
        var name = $"shop{Interlocked.Increment(ref _number)}";
        await CreateAsync(name);
        return (new BackupSite(Server, Keys, name), name);
    }

    public async Task DisposeAsync()
    {
        Site.Dispose();
        Keys.Dispose();
        await Server.DisposeAsync();
    }

    private async Task CreateAsync(string name)
    {
        await Server.ExecuteAsync($"create database {name}");
        await Server.ExecuteAsync($"create table articles as select i, 'article ' || i name from generate_series(1, {Rows}) i", name);
    }
}
