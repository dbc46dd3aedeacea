using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tests.Dump;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests;

public sealed class ServerFixture : IAsyncLifetime
{
    private readonly Lazy<Task<(DumpOutcome, string)>> _sample;
    private int _number;

    public ServerFixture() => _sample = new Lazy<Task<(DumpOutcome, string)>>(async () =>
    {
        using var folder = new TemporaryFolder();
        var database = await NewDatabaseAsync(SampleDatabase.Sql);
        return (await this.DumpAsync(database, folder), database);
    });

    public PostgresServer Server { get; private set; } = null!;

    /// <summary>The server's major version.</summary>
    internal int Major { get; init; } = 15;

    public PgTools Tools { get; private set; } = null!;

    public ServerConnection Connection => ConnectionAs("postgres", PostgresServer.SuperuserPassword);

    public ServerConnection ConnectionAs(string role, string password) => new()
    {
        Name = "main", Host = "127.0.0.1", Port = Server.Port, Username = role, Password = password,
    };

    /// <summary>A name no other test uses.</summary>
    public string NewName(string prefix = "db") => $"{prefix}{Interlocked.Increment(ref _number)}";

    public async Task<string> NewDatabaseAsync(string sql = "", string? name = null)
    {
        name ??= NewName();
        await Server.ExecuteAsync($"create database {Quote(name)}");
        if (sql.Length > 0)
        {
            await Server.ExecuteAsync(sql, name);
        }

        return name;
    }

    /// <summary>The sample database, dumped once; take it as a template for databases to change.</summary>
    internal Task<(DumpOutcome Dump, string Database)> SampleAsync() => _sample.Value;

    public static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public async Task InitializeAsync()
    {
        Server = await PostgresServer.StartAsync(Major, "max_prepared_transactions = 5", "wal_level = logical");
        Tools = await PgTools.FindAsync(Major, Server.Binaries, CancellationToken.None);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
