using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;
using Npgsql.Replication;
using NpgsqlTypes;

namespace BackupFunctions.Postgres.Replication;

/// <summary>
/// One connection of the streaming replication protocol. What it received is confirmed to the server only when
/// <see cref="ConfirmAsync"/> says so: until then the slot keeps it there.
/// </summary>
public sealed class WalReceiver : IAsyncDisposable
{
    private const int BlockSize = 128 * 1024;

    private readonly ServerConnection _server;
    private readonly PhysicalReplicationConnection _connection;
    private bool _streaming;

    private WalReceiver(ServerConnection server, PhysicalReplicationConnection connection) => (_server, _connection) = (server, connection);

    /// <exception cref="PgdrException">server.unreachable, server.login, database.permission or replication.refused.</exception>
    public static async Task<WalReceiver> OpenAsync(ServerConnection server, CancellationToken cancellationToken)
    {
        var connection = new PhysicalReplicationConnection(server.ReplicationConnectionString)
        {
            WalReceiverStatusInterval = TimeSpan.FromSeconds(5),
            WalReceiverTimeout = TimeSpan.FromSeconds(60),
        };
        try
        {
            await connection.Open(cancellationToken);
            return new WalReceiver(server, connection);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await connection.DisposeAsync();
            throw ReplicationFailure.Explain(server, e);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="PgdrException">The connection failed.</exception>
    public Task<ReplicationSystem> IdentifyAsync(CancellationToken cancellationToken) => ExplainedAsync(async () =>
    {
        var system = await _connection.IdentifySystem(cancellationToken);
        var size = await _connection.Show("wal_segment_size", cancellationToken);
        var version = await _connection.Show("server_version_num", cancellationToken);
        return new ReplicationSystem(
            system.SystemId, checked((int)system.Timeline), (ulong)system.XLogPos, SizeOf(size), int.Parse(version, CultureInfo.InvariantCulture));
    });

    /// <summary>The server keeps its log from its last checkpoint on, by a slot that goes when this connection does.</summary>
    /// <exception cref="PgdrException">replication.refused: no slot is left; or the connection failed.</exception>
    public Task ReserveAsync(string temporarySlot, CancellationToken cancellationToken) => ExplainedAsync(() =>
        _connection.CreateReplicationSlot(temporarySlot, isTemporary: true, reserveWal: true, cancellationToken));

    /// <summary>
    /// The log of one timeline from a position on, in order and without holes; ends where the server left that timeline, otherwise never.
    /// Once for each receiver.
    /// </summary>
    /// <param name="slot">Null: without a slot, from what the server happens to have.</param>
    /// <param name="timeline">From 1.</param>
    /// <param name="start">Bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PgdrException">wal.missing: the server has removed that part of its log; replication.refused; or the connection failed.</exception>
    public async IAsyncEnumerable<WalData> ReceiveAsync(
        string? slot, int timeline, ulong start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var from = new NpgsqlLogSequenceNumber(start);
        var messages = slot is null
            ? _connection.StartReplication(from, cancellationToken, (uint)timeline)
            : _connection.StartReplication(new PhysicalReplicationSlot(slot), from, cancellationToken, (uint)timeline);
        await using var enumerator = messages.GetAsyncEnumerator(cancellationToken);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        var position = start;
        try
        {
            while (await ExplainedAsync(() => MoveNextAsync(enumerator)))
            {
                _streaming = true;
                var message = enumerator.Current;
                if ((ulong)message.WalStart != position)
                {
                    throw new PgdrException(
                        ErrorCodes.WalMissing,
                        $"Server {_server.Endpoint} sent its log from {LogPosition.Format((ulong)message.WalStart)} on where {LogPosition.Format(position)} was due: receiving starts anew.");
                }

                int read;
                while ((read = await ExplainedAsync(() => message.Data.ReadAsync(block.AsMemory(0, BlockSize), cancellationToken).AsTask())) > 0)
                {
                    yield return new WalData(position, block.AsMemory(0, read), (ulong)message.WalEnd);
                    position += (ulong)read;
                }
            }
        }
        finally
        {
            _streaming = false;
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>Tells the server that everything before this position is safe elsewhere: its slot lets it go.</summary>
    public async Task ConfirmAsync(ulong position, CancellationToken cancellationToken)
    {
        _connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(position));
        if (_streaming)
        {
            await ExplainedAsync(async () =>
            {
                await _connection.SendStatusUpdate(cancellationToken);
                return true;
            });
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>
    /// Npgsql 10 does not know the end of a timeline and calls it a bug of its own; the connection is of no use afterwards. Whether the
    /// timeline really ended there, its child's history says.
    /// </summary>
    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<XLogDataMessage> messages)
    {
        try
        {
            return await messages.MoveNextAsync();
        }
        catch (NpgsqlException e) when (e.Message.Contains("CopyDone", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private static int SizeOf(string text)
    {
        var unit = text.Length > 2 ? text[^2..] : string.Empty;
        var factor = unit switch
        {
            "MB" => 1 << 20,
            "GB" => 1 << 30,
            _ => throw new PgdrException(ErrorCodes.FormatUnknown, $"The server says wal_segment_size is '{text}': use a newer pgdr."),
        };
        return int.Parse(text[..^2], CultureInfo.InvariantCulture) * factor;
    }

    private async Task<T> ExplainedAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw ReplicationFailure.Explain(_server, e);
        }
    }
}
