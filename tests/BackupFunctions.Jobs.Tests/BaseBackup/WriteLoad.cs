using BackupFunctions.TestSupport;
using Npgsql;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

/// <summary>Commits one number after the other until it is disposed.</summary>
internal sealed class WriteLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private long _committed;

    public WriteLoad(PostgresServer server) => _writing = Task.Run(() => WriteAsync(server));

    /// <summary>Rows that the server has confirmed.</summary>
    public long Committed => Interlocked.Read(ref _committed);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
    }

    private async Task WriteAsync(PostgresServer server)
    {
        await using var connection = await server.OpenAsync();
        await using var command = new NpgsqlCommand("insert into counted select coalesce(max(number), 0) + 1 from counted", connection);
        while (!_stop.IsCancellationRequested)
        {
            await command.ExecuteNonQueryAsync();
            Interlocked.Increment(ref _committed);
        }
    }
}
