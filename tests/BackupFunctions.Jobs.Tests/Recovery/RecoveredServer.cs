using BackupFunctions.TestSupport;
using Npgsql;

namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>A recovered data directory as a server that a person starts.</summary>
internal sealed class RecoveredServer : IAsyncDisposable
{
    private readonly string _binaries;
    private readonly string _data;
    private readonly TemporaryFolder _sockets = new();
    private readonly int _port = FreePort.Next();

    private RecoveredServer(string binaries, string data) => (_binaries, _data) = (binaries, data);

    public static async Task<RecoveredServer> StartAsync(string binaries, string data, params string[] settings)
    {
        var server = new RecoveredServer(binaries, data);
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", server._sockets.Path);
        }

        await server.ControlAsync("-w", "-t", "60", "-l", server._sockets["log"], "-o", $"-p {server._port} -k {server._sockets.Path} -c archive_mode=off{string.Concat(settings.Select(setting => " -c " + setting))}", "start");
        return server;
    }

    public async Task<IReadOnlyList<string>> RowsAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = _sockets.Path, Port = _port, Database = "postgres", Username = "postgres", Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await ControlAsync("-m", "fast", "-w", "stop");
        _sockets.Dispose();
    }

    private Task ControlAsync(params string[] arguments)
    {
        string[] command = [Path.Combine(_binaries, "pg_ctl"), "-D", _data, .. arguments];
        return Environment.IsPrivilegedProcess
            ? CommandLine.RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", .. command])
            : CommandLine.RunAsync(command[0], command[1..]);
    }
}
