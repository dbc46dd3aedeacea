using Npgsql;

namespace BackupFunctions.TestSupport;

/// <summary>
/// A real PostgreSQL server of its own: data in a temporary folder, listening on a loopback port and on a socket in that folder,
/// superuser <c>postgres</c> with password <c>secret-canary</c> (scram over TCP, so that password handling is tested).
/// Runs as the account postgres when the tests run as root.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string SuperuserPassword = "secret-canary";

    private readonly TemporaryFolder _folder = new();

    private PostgresServer(string binaries) => Binaries = binaries;

    public string Binaries { get; }

    public int Port { get; } = FreePort.Next();

    public string SocketFolder => _folder.Path;

    /// <summary>The server's data directory.</summary>
    public string DataFolder => Data;

    private string Data => _folder["data"];

    /// <param name="major">The major version: 15 is the system's on Debian 12, 17 and 18 are unpacked on first use.</param>
    /// <param name="settings">Further lines for postgresql.conf.</param>
    public static async Task<PostgresServer> StartAsync(int major = 15, params string[] settings) =>
        await StartAsync(await PostgresInstallation.EnsureAsync(major), settings);

    /// <param name="binaries">The folder with initdb and pg_ctl.</param>
    /// <param name="settings">Further lines for postgresql.conf.</param>
    public static async Task<PostgresServer> StartAsync(string binaries, string[] settings)
    {
        var server = new PostgresServer(binaries);
        await server.InitializeAsync(settings);
        await server.StartAgainAsync();
        return server;
    }

    public string ConnectionString(string database = "postgres", string user = "postgres", string password = SuperuserPassword) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Database = database,
            Username = user,
            Password = password,
            Pooling = false,
            // A checkpoint on a busy machine may take its time.
            CommandTimeout = 300,
        }.ConnectionString;

    public async Task<NpgsqlConnection> OpenAsync(string database = "postgres")
    {
        var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        return connection;
    }

    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T?> ScalarAsync<T>(string sql, string database = "postgres")
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        var value = await command.ExecuteScalarAsync();
        return value is null or DBNull ? default : (T)value;
    }

    public Task StopAsync(string mode = "immediate") => AsServerAccountAsync("pg_ctl", "-D", Data, "-m", mode, "-w", "stop");

    public Task StartAgainAsync() => AsServerAccountAsync("pg_ctl", "-D", Data, "-w", "-t", "60", "-l", _folder["log"], "start");

    /// <summary>Stops it and lets it end an archive recovery: the server goes on on a new timeline, its slots as they were.</summary>
    public async Task SwitchTimelineAsync()
    {
        await StopAsync("fast");
        await File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.conf"), ["restore_command = 'false'"]);
        await File.WriteAllTextAsync(Path.Combine(Data, "recovery.signal"), string.Empty);
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", Path.Combine(Data, "recovery.signal"));
        }

        await StartAgainAsync();
        while (await ScalarAsync<bool>("select pg_is_in_recovery()"))
        {
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await StopAsync();
        }

        _folder.Dispose();
    }

    private async Task InitializeAsync(string[] settings)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", _folder.Path);
        }

        var password = _folder["password"];
        await File.WriteAllTextAsync(password, SuperuserPassword + "\n");
        await AsServerAccountAsync(
            "initdb", "-D", Data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N", "--pwfile", password,
            "--auth-local=trust", "--auth-host=scram-sha-256");
        string[] lines =
        [
            "listen_addresses = '127.0.0.1'", $"port = {Port}", $"unix_socket_directories = '{SocketFolder}'",
            "fsync = off", "max_connections = 100", "shared_buffers = 64MB", .. settings,
        ];
        await File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.conf"), lines);
    }

    private Task AsServerAccountAsync(string tool, params string[] arguments)
    {
        var path = Path.Combine(Binaries, tool);
        return Environment.IsPrivilegedProcess
            ? CommandLine.RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", path, .. arguments])
            : CommandLine.RunAsync(path, arguments);
    }
}
