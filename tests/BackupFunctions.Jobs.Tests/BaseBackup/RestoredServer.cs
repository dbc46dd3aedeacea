using System.Globalization;
using BackupFunctions.TestSupport;
using Npgsql;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

/// <summary>A restored data directory, started with the log of the server that it comes from.</summary>
internal sealed class RestoredServer : IAsyncDisposable
{
    private readonly PostgresServer _origin;
    private readonly string _data;

    private RestoredServer(PostgresServer origin, string data) => (_origin, _data) = (origin, data);

    public int Port { get; } = FreePort.Next();

    public static async Task<RestoredServer> StartAsync(PostgresServer origin, string data)
    {
        foreach (var segment in Directory.EnumerateFiles(Path.Combine(origin.DataFolder, "pg_wal")))
        {
            File.Copy(segment, Path.Combine(data, "pg_wal", Path.GetFileName(segment)));
        }

        var server = new RestoredServer(origin, data);
        if (Environment.IsPrivilegedProcess)
        {
            // The folder above is a test's own.
            await CommandLine.RunAsync("chown", "postgres", Path.GetDirectoryName(data)!);
            await CommandLine.RunAsync("chown", "-R", "postgres", data);
        }

        var options = string.Create(
            CultureInfo.InvariantCulture, $"-p {server.Port} -c unix_socket_directories={Path.GetDirectoryName(data)} -c shared_buffers=16MB");
        await server.ControlAsync("-w", "-t", "120", "-l", Path.Combine(data, "log"), "-o", options, "start");
        return server;
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_origin.ConnectionString()) { Port = Port }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T?)await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync() => await ControlAsync("-m", "immediate", "-w", "stop");

    private Task ControlAsync(params string[] arguments)
    {
        var tool = Path.Combine(_origin.Binaries, "pg_ctl");
        return Environment.IsPrivilegedProcess
            ? CommandLine.RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", tool, "-D", _data, .. arguments])
            : CommandLine.RunAsync(tool, ["-D", _data, .. arguments]);
    }
}
