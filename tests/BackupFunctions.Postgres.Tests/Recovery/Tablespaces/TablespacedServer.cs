using System.Globalization;
using BackupFunctions.Postgres.Recovery;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Recovery.Tablespaces;

/// <summary>A server that archives to a folder, a base backup of it, and a tablespace that was made after that. The server goes on running.</summary>
public sealed class TablespacedServer : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _copies;

    public PostgresServer Server { get; private set; } = null!;

    /// <summary>Made after the base backup; the server's files are in it.</summary>
    public string Late => _folder["late"];

    /// <summary>Behind the second row, before the third.</summary>
    public DateTimeOffset SecondAt { get; private set; }

    /// <summary>Behind the third row, before the tablespace was made.</summary>
    public string Before { get; private set; } = null!;

    public string Archive => _folder["archive"];

    public async Task InitializeAsync()
    {
        await MakeAsync(Archive, Late, _folder["early"]);
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", _folder.Path);
        }

        Server = await PostgresServer.StartAsync(15, "archive_mode = on", $"archive_command = 'cp %p {Archive}/%f'", "autovacuum = off", "checkpoint_timeout = 1h");
        await Server.ExecuteAsync($"create tablespace early location '{_folder["early"]}'");
        await Server.ExecuteAsync("drop tablespace early; create table t(i int); insert into t values (1)");
        await CommandLine.RunAsync(
            Path.Combine(Server.Binaries, "pg_basebackup"), "-D", _folder["base"], "-X", "none", "-c", "fast", "-d", $"host={Server.SocketFolder} port={Server.Port} user=postgres");
        await Server.ExecuteAsync("insert into t values (2)");
        SecondAt = new DateTimeOffset(await Server.ScalarAsync<DateTime>("select clock_timestamp()"));
        await Server.ExecuteAsync("insert into t values (3)");
        Before = (await Server.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"))!;
        await Server.ExecuteAsync($"create tablespace late location '{Late}'");
        await Server.ExecuteAsync("create table in_late tablespace late as select 3 i");
        await ArchiveAsync();
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    /// <summary>A folder that the server's account owns.</summary>
    public async Task<string> NewFolderAsync()
    {
        var folder = _folder[string.Create(CultureInfo.InvariantCulture, $"folder{++_copies}")];
        await MakeAsync(folder);
        return folder;
    }

    /// <summary>The present segment ends and is archived.</summary>
    public async Task ArchiveAsync()
    {
        var last = await Server.ScalarAsync<string>("select pg_walfile_name(pg_switch_wal())");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (await Server.ScalarAsync<bool>($"select coalesce(last_archived_wal < '{last}', true) from pg_stat_archiver"))
        {
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>A copy of the base to recover.</summary>
    internal async Task<RecoveryRequest> NewRequestAsync(RecoveryTarget target, Func<RecoveryRequest, RecoveryRequest>? change = null)
    {
        var copy = _folder[string.Create(CultureInfo.InvariantCulture, $"r{++_copies}")];
        await CommandLine.RunAsync("cp", "-a", _folder["base"], copy);
        var work = Directory.CreateDirectory(
            _folder[string.Create(CultureInfo.InvariantCulture, $"w{_copies}")], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var request = new RecoveryRequest { DataFolder = copy, WorkFolder = work, Binaries = Server.Binaries, Username = "postgres", Target = target, Log = new FolderSource(Archive) };
        return change is null ? request : change(request);
    }

    private static async Task MakeAsync(params string[] folders)
    {
        foreach (var folder in folders)
        {
            Directory.CreateDirectory(folder);
            if (Environment.IsPrivilegedProcess)
            {
                await CommandLine.RunAsync("chown", "postgres", folder);
            }
        }
    }
}
