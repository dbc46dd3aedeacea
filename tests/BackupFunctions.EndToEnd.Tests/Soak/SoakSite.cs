using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.EndToEnd.Tests.Support;
using BackupFunctions.Settings;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BackupFunctions.EndToEnd.Tests.Soak;

/// <summary>A server under load whose log goes to a folder and, when there is a store, to two of its buckets; and everything there that can be killed.</summary>
internal sealed class SoakSite : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BackupKeys _keys = new();
    private readonly CephGateway? _store;
    private readonly List<MortalProxy> _proxies = [];
    private readonly BackupSite _site;
    private Process? _runner;

    private SoakSite(PostgresServer server, CephGateway? store) => (Server, _store, _site) = (server, store, new BackupSite(server, _keys));

    public PostgresServer Server { get; }

    /// <summary>What was killed, and how often.</summary>
    public Dictionary<string, int> Kills { get; } = new(StringComparer.Ordinal);

    /// <summary>What can be killed here.</summary>
    public IReadOnlyList<string> Victims => _store is null ? ["receiver", "runner", "server"] : ["receiver", "runner", "server", "target", "targets"];

    public static async Task<SoakSite> StartAsync(bool withStore)
    {
        var server = await PostgresServer.StartAsync(15, "max_wal_size = 256MB", "max_slot_wal_keep_size = 8GB");
        var site = new SoakSite(server, withStore ? await CephGateway.StartAsync() : null);
        site._site.Settings["WAL_PUSH_INTERVAL"] = "1";
        if (site._store is { } store)
        {
            foreach (var target in new[] { "b", "c" })
            {
                var proxy = new MortalProxy(store.Port);
                proxy.Live();
                site._proxies.Add(proxy);
                await site.AddBucketAsync(store, target, proxy.Port);
            }
        }

        await WriteLoad.PrepareAsync(server);
        site.StartRunner();
        await site.RecoveredAsync();
        await Pgdr.RunCheckedAsync(site._site.Settings, "backup", "run", "main", "--kind", "base");
        return site;
    }

    /// <summary>Kills it at once; what a host would start again is started again.</summary>
    public async Task KillAsync(string victim, Random random)
    {
        Kills[victim] = Kills.GetValueOrDefault(victim) + 1;
        switch (victim)
        {
            case "receiver":
                KillReceivers();
                break;
            case "runner":
                // Its receiver goes on alone; no more than one such at a time.
                if (Receivers().Count > 1)
                {
                    KillReceivers();
                }

                KillableProcess.Kill(_runner!.Id);
                StartRunner();
                break;
            case "server":
                await KillableProcess.KillWithChildrenAsync(int.Parse((await File.ReadAllLinesAsync(Path.Combine(Server.DataFolder, "postmaster.pid")))[0], CultureInfo.InvariantCulture));
                await Server.StartAgainAsync();
                break;
            default:
                var dying = victim == "target" ? [_proxies[random.Next(_proxies.Count)]] : _proxies;
                foreach (var proxy in dying)
                {
                    proxy.Die();
                }

                await Task.Delay(random.Next(200, 3000));
                foreach (var proxy in dying)
                {
                    proxy.Live();
                }

                break;
        }
    }

    /// <summary>Until everything that the server has written by now is safe.</summary>
    public async Task RecoveredAsync()
    {
        var written = await PositionAsync("pg_current_wal_flush_lsn()");
        await Until.NotNullAsync(
            async () => await TryPositionAsync() is { } slot && slot >= written ? slot.ToString(CultureInfo.InvariantCulture) : null,
            () => $"log is safe up to {Lsn.Format(written)}; the receivers say: {Tail()}", seconds: 300);
    }

    /// <summary>Where the slot stands; null: there is none, or the server does not answer.</summary>
    public async Task<ulong?> TryPositionAsync()
    {
        try
        {
            return await PositionAsync("(select restart_lsn from pg_replication_slots where slot_name = 'pgdr')");
        }
        catch (Exception e) when (e is NpgsqlException or InvalidCastException or NullReferenceException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What the required number of targets hold, by their own listing.</summary>
    public async Task<StoredLog> StoredAsync()
    {
        var settings = new Dictionary<string, string>(_site.Settings, StringComparer.Ordinal);
        foreach (var target in new[] { "b", "c" })
        {
            if (_store is not null)
            {
                settings[$"Targets__{target}__Endpoint"] = _store.Endpoint;
            }
        }

        var read = SettingsReader.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value))).Build());
        var targets = StorageTargets.Create(read, NullLoggerFactory.Instance);
        var system = (await Server.ScalarAsync<string>("select system_identifier::text from pg_control_system()"))!;
        return await StoredLog.ReadAsync(read.ClusterName, system, targets, read.RequiredCopies, KeyLoader.Verification(read.Keys), CancellationToken.None);
    }

    /// <summary>Ends the receivers for good.</summary>
    public void StopReceiving()
    {
        KillableProcess.Kill(_runner!.Id);
        KillReceivers();
    }

    /// <summary>Recovers to the end of the log; the rows that are there then.</summary>
    public async Task<IReadOnlySet<(int Client, int Number)>> RecoverAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", _folder.Path);
        }

        var settings = new Dictionary<string, string>(_site.Settings, StringComparer.Ordinal);
        JsonNode.Parse(await Pgdr.RunCheckedAsync(settings, "recover", "main", _folder["data"], "--json")).ShouldNotBeNull();
        var port = FreePort.Next();
        await ControlAsync("-w", "-t", "60", "-l", _folder["recovered.log"], "-o", $"-p {port} -k {_folder.Path} -c archive_mode=off", "start");
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder { Host = _folder.Path, Port = port, Database = "postgres", Username = "postgres", Pooling = false }.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("select client, number from rows", connection);
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new HashSet<(int, int)>();
            while (await reader.ReadAsync())
            {
                rows.Add((reader.GetInt32(0), reader.GetInt32(1)));
            }

            return rows;
        }
        finally
        {
            await ControlAsync("-m", "fast", "-w", "stop");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_runner is not null)
        {
            StopReceiving();
        }

        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        await Server.DisposeAsync();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        _site.Dispose();
        _keys.Dispose();
        _folder.Dispose();
    }

    private async Task AddBucketAsync(CephGateway store, string target, int port)
    {
        _site.Settings.Remove($"Targets__{target}__Path");
        _site.Settings[$"Targets__{target}__Type"] = "s3";
        _site.Settings[$"Targets__{target}__Endpoint"] = $"http://127.0.0.1:{port}";
        _site.Settings[$"Targets__{target}__Region"] = store.Region;
        _site.Settings[$"Targets__{target}__Bucket"] = await store.CreateBucketAsync();
        _site.Settings[$"Targets__{target}__AccessKey"] = store.AccessKey;
        _site.Settings[$"Targets__{target}__SecretKey"] = store.SecretKey;
    }

    /// <summary>Starts a receiver again whenever it has ended, as a host does, and writes down its process.</summary>
    private void StartRunner()
    {
        var start = new ProcessStartInfo("sh", ["-c", $"while [ -d /proc/{Environment.ProcessId} ]; do dotnet exec {Path.Combine(AppContext.BaseDirectory, "pgdr.dll")} wal receive main --continuous > /dev/null 2>> {_folder["receivers.log"]} & echo $! >> {_folder["receivers"]}; wait $!; sleep 0.2; done"]);
        ChildEnvironment.Set(start, _site.Settings);
        _runner?.Dispose();
        _runner = Process.Start(start)!;
    }

    private IReadOnlyList<int> Receivers() => !File.Exists(_folder["receivers"]) ? [] :
        [.. File.ReadAllLines(_folder["receivers"]).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(KillableProcess.IsAlive)];

    private void KillReceivers()
    {
        foreach (var receiver in Receivers())
        {
            KillableProcess.Kill(receiver);
        }
    }

    private async Task<ulong> PositionAsync(string sql) => (ulong)await Server.ScalarAsync<decimal>($"select {sql} - '0/0'::pg_lsn");

    private string Tail() => File.Exists(_folder["receivers.log"]) ? string.Join('\n', File.ReadAllLines(_folder["receivers.log"]).TakeLast(8)) : "nothing";

    private Task ControlAsync(params string[] arguments)
    {
        string[] command = [Path.Combine(Server.Binaries, "pg_ctl"), "-D", _folder["data"], .. arguments];
        return Environment.IsPrivilegedProcess
            ? CommandLine.RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", .. command])
            : CommandLine.RunAsync(command[0], command[1..]);
    }
}
