using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Support;

/// <summary>One server and one set of keys for all tests; a small database and a backup of it for those that only read.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    /// <summary>Four tables large enough for objects of their own, and small ones that share one.</summary>
    public const string Invoices = "invoices";

    private const string InvoicesSql = """
        create table lines1 as select i, md5(i::text) a, md5((-i)::text) b from generate_series(1, 22000) i;
        create table lines2 as select i, md5('b' || i) a, md5('c' || i) b from generate_series(1, 22000) i;
        create table lines3 as select i, md5('d' || i) a, md5('e' || i) b from generate_series(1, 22000) i;
        create table lines4 as select i, md5('f' || i) a, md5('g' || i) b from generate_series(1, 22000) i;
        create table payroll_secret_table (id int primary key, note text);
        insert into payroll_secret_table select i, 'row-canary-' || i from generate_series(1, 100) i;
        create sequence numbers; select setval('numbers', 41);
        select lo_from_bytea(4711, 'large object');
        """;

    private readonly Lazy<Task<PreparedBackup>> _prepared;
    private readonly Lazy<BackupKeys> _otherKeys = new(BackupKeys.OfAStranger);
    private int _number;

    public ServerFixture() => _prepared = new Lazy<Task<PreparedBackup>>(() => PreparedBackup.TakeAsync(this));

    public PostgresServer Server { get; private set; } = null!;

    /// <summary>The server's major version.</summary>
    internal int Major { get; init; } = 15;

    public BackupKeys Keys { get; } = new();

    /// <summary>Those of another installation.</summary>
    public BackupKeys OtherKeys => _otherKeys.Value;

    public async Task InitializeAsync()
    {
        Server = await PostgresServer.StartAsync(Major);
        await NewDatabaseAsync(InvoicesSql, Invoices);
    }

    /// <returns>A name no other test uses, or the one given.</returns>
    public async Task<string> NewDatabaseAsync(string sql, string? name = null)
    {
        name ??= $"db{Interlocked.Increment(ref _number)}";
        await Server.ExecuteAsync($"create database {Quote(name)}");
        await Server.ExecuteAsync(sql, name);
        return name;
    }

    public static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>Empty targets.</summary>
    internal JobSite NewSite(params string[] databases) => new(new BackupSite(Server, Keys, databases));

    /// <summary>A backup of <see cref="Invoices"/> in targets of their own, to be damaged as one likes.</summary>
    internal async Task<(JobSite Site, string BackupId)> NewSiteWithBackupAsync()
    {
        var prepared = await _prepared.Value;
        return (await prepared.CopyAsync(), prepared.BackupId);
    }

    public async Task DisposeAsync()
    {
        if (_prepared.IsValueCreated)
        {
            (await _prepared.Value).Dispose();
        }

        if (_otherKeys.IsValueCreated)
        {
            OtherKeys.Dispose();
        }

        Keys.Dispose();
        await Server.DisposeAsync();
    }
}
