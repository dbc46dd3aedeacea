using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using BackupFunctions.EmbeddedHost.State;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>
/// Session-level advisory locks of the state database, all on one connection: they end with the host, however it ends.
/// </summary>
internal sealed class PostgresListenerLocks(IStateDatabase database, string hub) : IListenerLocks, IAsyncDisposable
{
    // Ends the session of a host that vanished from the network within about a minute, so that another takes over.
    private const string DeadPeerDetection = "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HashSet<string> _held = new(StringComparer.OrdinalIgnoreCase);
    private NpgsqlConnection? _connection;

    public Task<bool> TryAcquireAsync(string function, CancellationToken cancellationToken) =>
        WithConnectionAsync(
            async connection =>
            {
                if (_held.Contains(function))
                {
                    return true;
                }

                await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
                command.Parameters.AddWithValue(KeyOf(function));
                return await command.ExecuteScalarAsync(cancellationToken) is true && _held.Add(function);
            },
            cancellationToken);

    public Task<bool> IsHeldAsync(string function, CancellationToken cancellationToken) =>
        WithConnectionAsync(
            async connection =>
            {
                await using var command = new NpgsqlCommand("SELECT 1", connection);
                await command.ExecuteScalarAsync(cancellationToken);
                return _held.Contains(function);
            },
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _turn.Dispose();
    }

    private async Task<bool> WithConnectionAsync(Func<NpgsqlConnection, Task<bool>> use, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_connection is null)
            {
                var source = await database.OpenAsync(cancellationToken);
                _connection = await source.OpenConnectionAsync(cancellationToken);
                await using var command = new NpgsqlCommand(DeadPeerDetection, _connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return await use(_connection);
        }
        catch
        {
            // A connection that failed has lost its locks, or cannot be trusted to hold them.
            await CloseAsync();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task CloseAsync()
    {
        _held.Clear();
        if (_connection is not { } connection)
        {
            return;
        }

        _connection = null;
        try
        {
            // Back in the pool the session would keep its locks until somebody reuses it.
            await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception cause) when (cause is NpgsqlException or InvalidOperationException)
        {
            // The session is gone, and its locks with it.
        }

        await connection.DisposeAsync();
    }

    private long KeyOf(string function) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"timer\0{hub}\0{function.ToUpperInvariant()}")));
}
