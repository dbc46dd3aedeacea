using System.Text.Json.Nodes;
using BackupFunctions.Archive.Keys;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>A PostgreSQL server with the sample database, keys, two folders as targets, and one backup taken by the command line.</summary>
public class SampleServer : IAsyncLifetime, IDisposable
{
    public const string Database = "invoicing";
    public const string MasterKey = "master-key-canary-5f0c1d7e";
    public const string FunctionKey = "function-key-canary-91ab3c";
    public const string SystemKey = "system-key-canary-77d2e408";

    /// <summary>About 4 MB as a dump: several tables are objects of their own.</summary>
    private const string Scale = "0.05";

    private readonly TemporaryFolder _folder = new();

    public PostgresServer Server { get; private set; } = null!;

    /// <summary>Everything that <see cref="ContentsAsync"/> saw when the backup was taken.</summary>
    public string Contents { get; private set; } = null!;

    public string BackupId { get; private set; } = null!;

    public string Folder => _folder.Path;

    public string Keys => _folder["keys"];

    public virtual async Task InitializeAsync()
    {
        // The host's own PostgreSQL server runs as the account postgres below this folder when the tests run as root.
        File.SetUnixFileMode(Folder, File.GetUnixFileMode(Folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Server = await PostgresServer.StartAsync(15, "max_prepared_transactions = 5");
        await File.WriteAllTextAsync(_folder["password"], PostgresServer.SuperuserPassword + "\n");
        KeyFiles.Create(Keys, rsaBits: 3072);
        await LoadAsync();
        Contents = await ContentsAsync(Server);
        var settings = Settings();
        settings["RUN_STORE_PATH"] = _folder["cli-runs"];
        settings["WORK_PATH"] = _folder["cli-work"];
        var backup = JsonNode.Parse(await Pgdr.RunCheckedAsync(settings, "backup", "run", Database, "--json"))!;
        BackupId = backup["backup_id"]!.GetValue<string>();
    }

    public virtual async Task DisposeAsync() => await Server.DisposeAsync();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A new folder that only this test uses.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(_folder[$"{name}-{Guid.NewGuid():N}"[..(name.Length + 9)]]).FullName;

    /// <summary>What every program needs to know; restart, reroute and health are for the test to add.</summary>
    public virtual Dictionary<string, string> Settings() => new(StringComparer.Ordinal)
    {
        ["CLUSTER_NAME"] = "test",
        ["Servers__main__Host"] = "127.0.0.1",
        ["Servers__main__Port"] = $"{Server.Port}",
        ["Servers__main__Username"] = "postgres",
        ["Servers__main__PasswordFile"] = _folder["password"],
        ["Databases__0__Name"] = Database,
        ["Databases__0__Server"] = "main",
        ["Targets__first__Type"] = "local",
        ["Targets__first__Path"] = _folder["first"],
        ["Targets__second__Type"] = "local",
        ["Targets__second__Path"] = _folder["second"],
        ["STORAGE_ORDER"] = "first,second",
        ["BACKUP_DUMP_JOBS"] = "2",
        ["RESTORE_JOBS"] = "2",
        ["FULL_BACKUP_SCHEDULE"] = "0 0 0 1 1 *",
        ["TARGET_CHECK_SCHEDULE"] = "0 0 0 1 1 *",
        ["INTEGRITY_CHECK_SCHEDULE"] = "0 0 0 1 1 *",
        ["WAL_SCHEDULE"] = "0 0 0 1 1 *",
        ["BASE_BACKUP_SCHEDULE"] = "0 0 0 1 1 *",
        ["TENANT_BACKUP_SCHEDULE"] = "0 0 0 1 1 *",
        ["INCREMENTAL_BACKUP_SCHEDULE"] = "0 0 0 1 1 *",
        ["MONTHLY_ARCHIVE_SCHEDULE"] = "0 0 0 1 1 *",
        ["CONFIGURATION_BACKUP_SCHEDULE"] = "0 0 0 1 1 *",
        ["CATALOG_SYNC_SCHEDULE"] = "0 0 0 1 1 *",
        ["BACKUP_PUBLIC_KEY_PATHS"] = $"{Keys}/{KeyFiles.OperationalPublic};{Keys}/{KeyFiles.RecoveryPublic}",
        ["BACKUP_SIGNING_KEY_PATH"] = $"{Keys}/{KeyFiles.SigningPrivate}",
        ["BACKUP_VERIFY_KEY_PATHS"] = $"{Keys}/{KeyFiles.SigningPublic}",
        ["BACKUP_PRIVATE_KEY_PATHS"] = $"{Keys}/{KeyFiles.OperationalPrivate}",
        ["HOST_MASTER_KEY"] = MasterKey,
        ["HOST_FUNCTION_KEY"] = FunctionKey,
        ["HOST_SYSTEM_KEY"] = SystemKey,
    };

    /// <summary>Drops the sample database and whatever earlier tests left of recoveries.</summary>
    public async Task LoseAsync()
    {
        await DropRemainsAsync();
        await Server.ExecuteAsync($"drop database if exists {Database} with (force)");
    }

    /// <summary>The sample database as it was backed up.</summary>
    public async Task EnsureLiveAsync()
    {
        await LoseAsync();
        await LoadAsync();
    }

    /// <summary>Rows and digests of every table, large objects, sequences, rights and settings, computed by SQL and not by the product.</summary>
    public Task<string> ContentsAsync(PostgresServer server) => CommandLine.RunAsync(
        "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", $"{Socket(server)} dbname={Database}", "-f", Repository.PathOf("samples/demo/contents.sql"));

    /// <summary>What stands on the database itself: owner, limit, rights, settings for everybody and for single roles.</summary>
    public async Task<string> PropertiesAsync() => (await Server.ScalarAsync<string>(
        $"""
        select concat_ws(' | ', datdba::regrole, datconnlimit, datallowconn, (select string_agg(entry::text, ',' order by entry::text) from unnest(datacl) entry),
            (select string_agg(concat(nullif(setrole, 0)::regrole, ':', setconfig), ',' order by setrole) from pg_db_role_setting where setdatabase = d.oid))
        from pg_database d where datname = '{Database}'
        """))!;

    /// <summary>Databases that recoveries made and that are still there.</summary>
    public async Task<IReadOnlyList<string>> RemainsAsync() =>
        (await Server.ScalarAsync<string[]>(@"select coalesce(array_agg(datname::text order by datname), '{}') from pg_database where datname like 'pgdr\_%'"))!;

    internal static string Socket(PostgresServer server) => $"host={server.SocketFolder} port={server.Port} user=postgres";

    private Task LoadAsync() => CommandLine.RunAsync(Repository.PathOf("samples/sample-database/load.sh"), Socket(Server), Database, Scale);

    private async Task DropRemainsAsync()
    {
        foreach (var name in await RemainsAsync())
        {
            await Server.ExecuteAsync($"alter database \"{name}\" allow_connections true; ");
            await Server.ExecuteAsync($"drop database \"{name}\" with (force)");
        }
    }
}
