using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>One server for the tests of a class: a dump, a base backup, and log that has an accident in the middle.</summary>
public sealed class ArchivedServer : IAsyncLifetime, IDisposable
{
    public const string Database = "shop";

    /// <summary>Made after the accident.</summary>
    public const string LaterDatabase = "later";

    private readonly BackupKeys _keys = new();
    private int _recoveries;

    public PostgresServer Server { get; private set; } = null!;

    /// <summary>The only dump there is of the database.</summary>
    public string DumpId { get; private set; } = null!;

    public string BaseId { get; private set; } = null!;

    /// <summary>What was committed just before the accident.</summary>
    public (DateTimeOffset At, string Lsn) Before { get; private set; }

    /// <summary>Behind the last row.</summary>
    public string End { get; private set; } = null!;

    public static IReadOnlyList<string> RowsOfTheDump { get; } = ["1 in the dump"];

    public static IReadOnlyList<string> RowsBefore { get; } = ["1 in the dump", "2 before"];

    public static IReadOnlyList<string> RowsOfTheEnd { get; } = ["3 after"];

    internal JobSite Site { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await PostgresServer.StartAsync(15, "max_slot_wal_keep_size = 4GB");
        Site = NewSite();
        await Server.ExecuteAsync("create role shop_owner");
        await Server.ExecuteAsync($"create database {Database} owner shop_owner");
        await Server.ExecuteAsync(
            """
            create table t(i int primary key, v text); insert into t values (1, 'in the dump');
            create unlogged table cache(v text); insert into cache values ('gone with the server');
            create sequence numbers; select setval('numbers', 41); select lo_from_bytea(4711, 'large object');
            """,
            Database);
        DumpId = (await Site.BackUpAsync(Database)).BackupId;
        await ReceiveAsync();
        BaseId = (await new BaseBackupJob(Site.Environment, Path.Combine(Site.Site.RunStore, "base", "state")).RunAsync(new BaseBackupParameters("main", "test"), CancellationToken.None)).BackupId;
        await Server.ExecuteAsync("insert into t values (2, 'before')", Database);
        Before = (new DateTimeOffset(await Server.ScalarAsync<DateTime>("select clock_timestamp()")), await LsnAsync());
        await Server.ExecuteAsync("delete from t", Database);
        await Server.ExecuteAsync("insert into t values (3, 'after')", Database);
        await Server.ExecuteAsync($"create database {LaterDatabase}");
        End = await LsnAsync();
        await ReceiveAsync();
    }

    /// <summary>The same storage with a work folder and a reporter of its own.</summary>
    internal JobSite NewSite()
    {
        var site = new JobSite(new BackupSite(Server, _keys, Database, LaterDatabase)) { Targets = null };
        if (Site is not null)
        {
            foreach (var target in BackupSite.TargetNames)
            {
                site.Site.Settings[$"Targets__{target}__Path"] = Site.Site.TargetFolder(target);
            }
        }

        // As root the recovered server runs as another account.
        File.SetUnixFileMode(site.Site.Folder, File.GetUnixFileMode(site.Site.Folder) | UnixFileMode.OtherExecute);
        return site;
    }

    internal static async Task<SelectBackupResult> SelectAsync(JobSite site, WantedPoint? point, string database = Database)
    {
        using var reader = BackupReader.FromSettings(site.Environment);
        return await new SelectBackupJob(site.Environment, reader) { ReadCheckLimit = TimeSpan.FromMinutes(5) }
            .RunAsync(new SelectBackupParameters(database, BackupId: null, TargetServer: null) { Point = point }, CancellationToken.None);
    }

    /// <summary>Steps 2 and 3 of the runbook.</summary>
    internal static async Task<FetchBackupResult> RecoverAsync(JobSite site, SelectBackupResult selected, string restoreId, CancellationToken cancellationToken = default)
    {
        using var reader = BackupReader.FromSettings(site.Environment);
        return await new RecoverDatabaseJob(site.Environment, reader).RunAsync(
            new RecoverDatabaseParameters(restoreId, selected.BackupId, selected.Database, selected.Path!) { Order = selected.ReadableTargets }, cancellationToken);
    }

    /// <summary>Step 4 without the swap: what is in the restored database.</summary>
    internal async Task<IReadOnlyList<string>> RestoredRowsAsync(JobSite site, string backupId, string restoreId)
    {
        var restored = await new RestoreDatabaseJob(site.Environment).RunAsync(new RestoreDatabaseParameters(restoreId, backupId, "main"), CancellationToken.None);
        return (await Server.ScalarAsync<string[]>("select coalesce(array_agg(i || ' ' || v order by i), '{}') from t", restored.ScratchDatabase))!;
    }

    public string NewRestoreId() => $"point-{Interlocked.Increment(ref _recoveries)}";

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public void Dispose()
    {
        Site.Dispose();
        _keys.Dispose();
    }

    private Task ReceiveAsync() => new ReceiveWalJob(Site.Environment).RunAsync(new ReceiveWalParameters("main", Continuous: false, "test"), CancellationToken.None);

    private async Task<string> LsnAsync() => (await Server.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"))!;
}
