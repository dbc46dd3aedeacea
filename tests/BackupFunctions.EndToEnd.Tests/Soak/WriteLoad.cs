using System.Collections.Concurrent;
using BackupFunctions.TestSupport;
using Npgsql;

namespace BackupFunctions.EndToEnd.Tests.Soak;

/// <summary>Clients that write without end, through crashes of the server, and remember what was acknowledged to them.</summary>
internal sealed class WriteLoad : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;

    public WriteLoad(PostgresServer server, int clients)
    {
        _server = server;
        _writing = Task.WhenAll(Enumerable.Range(1, clients).Select(client => Task.Run(() => WriteAsync(client))));
    }

    /// <summary>Rows whose commit was acknowledged, with a position at or behind the commit.</summary>
    public ConcurrentQueue<(int Client, int Number, ulong Lsn)> Committed { get; } = new();

    public static Task PrepareAsync(PostgresServer server) => server.ExecuteAsync(
        "create table rows(client int, number int, pad text, primary key (client, number)); create table counters(client int primary key, total int); insert into counters select i, 0 from generate_series(1, 10) i;");

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _writing;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync(int client)
    {
        var number = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _server.OpenAsync();
                await using var position = new NpgsqlCommand("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn", connection);
                while (!_stop.IsCancellationRequested)
                {
                    // A number is used once: what was not acknowledged may be there all the same.
                    number++;
                    await WriteAsync(connection, client, number);
                    Committed.Enqueue((client, number, (ulong)(decimal)(await position.ExecuteScalarAsync())!));
                    await Task.Delay(5);
                }
            }
            catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException or TimeoutException)
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task WriteAsync(NpgsqlConnection connection, int client, int number)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand("insert into rows select $1, $2, string_agg(md5(random()::text), '') from generate_series(1, 100)", connection, transaction)
        {
            Parameters = { new() { Value = client }, new() { Value = number } },
        };
        await insert.ExecuteNonQueryAsync();
        await using var update = new NpgsqlCommand("update counters set total = total + 1 where client = $1", connection, transaction) { Parameters = { new() { Value = client } } };
        await update.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }
}
