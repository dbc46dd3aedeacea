using BackupFunctions.EmbeddedHost.State;
using Npgsql;
using NpgsqlTypes;

namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>
/// Timer status in the state database, which several hosts may share: schema <c>functions_host</c>, one row per task hub and function.
/// </summary>
internal sealed class PostgresTimerStatusStore(IStateDatabase database, string hub) : ITimerStatusStore, IDisposable
{
    // The lock keeps two hosts that start together from creating the same schema at once.
    private const string Schema = """
        BEGIN;
        SELECT pg_advisory_xact_lock(4711021);
        CREATE SCHEMA IF NOT EXISTS functions_host;
        CREATE TABLE IF NOT EXISTS functions_host.timer_status (
            hub text NOT NULL,
            function text NOT NULL,
            last_run timestamptz,
            next_run timestamptz NOT NULL,
            updated timestamptz NOT NULL,
            PRIMARY KEY (hub, function));
        COMMIT;
        """;

    private readonly SemaphoreSlim _creation = new(1, 1);
    private bool _created;

    public async Task<TimerStatus?> ReadAsync(string function, CancellationToken cancellationToken)
    {
        var source = await OpenAsync(cancellationToken);
        await using var command = source.CreateCommand(
            "SELECT last_run, next_run, updated FROM functions_host.timer_status WHERE hub = $1 AND function = $2");
        command.Parameters.AddWithValue(hub);
        command.Parameters.AddWithValue(function);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new TimerStatus(
                await reader.IsDBNullAsync(0, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(0),
                reader.GetFieldValue<DateTimeOffset>(1),
                reader.GetFieldValue<DateTimeOffset>(2))
            : null;
    }

    public async Task WriteAsync(string function, TimerStatus status, CancellationToken cancellationToken)
    {
        var source = await OpenAsync(cancellationToken);
        await using var command = source.CreateCommand("""
            INSERT INTO functions_host.timer_status (hub, function, last_run, next_run, updated) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (hub, function) DO UPDATE SET last_run = excluded.last_run, next_run = excluded.next_run, updated = excluded.updated
            """);
        command.Parameters.AddWithValue(hub);
        command.Parameters.AddWithValue(function);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)status.Last ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.AddWithValue(status.Next);
        command.Parameters.AddWithValue(status.LastUpdated);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public void Dispose() => _creation.Dispose();

    private async Task<NpgsqlDataSource> OpenAsync(CancellationToken cancellationToken)
    {
        var source = await database.OpenAsync(cancellationToken);
        await _creation.WaitAsync(cancellationToken);
        try
        {
            if (!_created)
            {
                await using var command = source.CreateCommand(Schema);
                await command.ExecuteNonQueryAsync(cancellationToken);
                _created = true;
            }
        }
        finally
        {
            _creation.Release();
        }

        return source;
    }
}
