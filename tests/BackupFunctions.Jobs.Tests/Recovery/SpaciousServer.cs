using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Wal;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>One server with two further tablespaces for the tests of a class: a base backup, and log that changes tables in each of them.</summary>
public sealed class SpaciousServer : IAsyncLifetime, IDisposable
{
    public const string Rows = "select i || ' ' || v from (select * from one union all select * from two union all select * from main) all_rows order by i";

    private readonly TemporaryFolder _folder = new();

    public static IReadOnlyList<string> Expected { get; } = ["1 one", "2 two", "3 main", "11 one later", "12 two later", "13 main later"];

    public BaseBackupResult Base { get; private set; } = null!;

    /// <summary>Where the log ends.</summary>
    public string End { get; private set; } = null!;

    public IReadOnlyList<string> Locations { get; private set; } = null!;

    internal WalSite Site { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Site = await WalSite.StartAsync();
        if (Environment.IsPrivilegedProcess)
        {
            // As root the recovered server runs as another account.
            await CommandLine.RunAsync("chown", "postgres", _folder.Path);
            File.SetUnixFileMode(Site.Jobs.Site.Folder, File.GetUnixFileMode(Site.Jobs.Site.Folder) | UnixFileMode.OtherExecute);
        }

        Locations = [_folder["one disk"], _folder["two"]];
        foreach (var location in Locations)
        {
            Directory.CreateDirectory(location);
            if (Environment.IsPrivilegedProcess)
            {
                await CommandLine.RunAsync("chown", "postgres", location);
            }
        }

        await Site.Server.ExecuteAsync($"create tablespace \"One\" location '{Locations[0]}'");
        await Site.Server.ExecuteAsync($"create tablespace two location '{Locations[1]}'");
        await Site.Server.ExecuteAsync("""
            create table one(i int primary key, v text) tablespace "One"; insert into one values (1, 'one');
            create table two(i int primary key using index tablespace "One", v text) tablespace two; insert into two values (2, 'two');
            create table main(i int primary key, v text); insert into main values (3, 'main');
            """);

        // Large enough for slices, and for holes behind the reader.
        await Site.Server.ExecuteAsync("create table large tablespace two as select i, repeat(md5(i::text), 30) v from generate_series(1, 20000) i");
        await Site.ReceiveAsync();
        Base = await new BaseBackupJob(Site.Jobs.Environment, Path.Combine(Site.Jobs.Site.RunStore, "base", "state")).RunAsync(new BaseBackupParameters("main", "test"), CancellationToken.None);
        await Site.Server.ExecuteAsync("insert into one values (11, 'one later'); insert into two values (12, 'two later'); insert into main values (13, 'main later')");
        End = (await Site.Server.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"))!;
        await Site.ReceiveAsync();
    }

    /// <summary>A path that nothing has used yet, below a folder of the account postgres.</summary>
    public string NewPath() => _folder[Guid.NewGuid().ToString("N")];

    public async Task<RecoverServerResult> RecoverAsync(string directory, IReadOnlyDictionary<string, string>? map = null, bool delta = false)
    {
        var environment = Site.Jobs.Environment;
        using var reader = BackupReader.FromSettings(environment);
        return await new RecoverServerJob(environment, reader).RunAsync(
            new RecoverServerParameters
            {
                Server = "main", DataDirectory = directory, RequestedBy = "test", Delta = delta, TablespaceMap = map ?? new Dictionary<string, string>(StringComparer.Ordinal),
            },
            CancellationToken.None);
    }

    public async Task DisposeAsync() => await Site.DisposeAsync();

    public void Dispose() => _folder.Dispose();
}
