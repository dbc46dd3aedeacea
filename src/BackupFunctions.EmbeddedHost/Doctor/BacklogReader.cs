using System.Text.Json;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.State;

namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>Counts what waits to be done.</summary>
internal static class BacklogReader
{
    /// <param name="state">The database.</param>
    /// <param name="now">UTC.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public static async Task<Backlog> ReadAsync(StateSnapshot state, DateTime now, CancellationToken cancellationToken)
    {
        var events = await state.Connection.QueryAsync(
            row => (All: row.GetInt64(0), Due: row.GetInt64(1), Later: row.GetInt64(2), Held: row.GetInt64(3)),
            """
            SELECT count(*), count(*) FILTER (WHERE NOT is_held AND visible_at <= $2), count(*) FILTER (WHERE NOT is_held AND visible_at > $2),
                count(*) FILTER (WHERE is_held)
            FROM durable.new_events WHERE hub = $1
            """,
            cancellationToken, state.Hub, now);
        var tasks = await state.Connection.QueryAsync(
            row => (All: row.GetInt64(0), Queued: row.GetInt64(1)),
            """
            SELECT count(*), count(*) FILTER (WHERE lock_expires_at IS NULL OR lock_expires_at <= clock_timestamp())
            FROM durable.new_tasks WHERE hub = $1
            """,
            cancellationToken, state.Hub);
        var oldest = await OldestDueAsync(state, now, cancellationToken);
        return new Backlog(
            events[0].All,
            events[0].Due,
            events[0].Later,
            events[0].Held,
            oldest is null ? null : Math.Round((now - oldest.Value).TotalSeconds, 1),
            tasks[0].All,
            tasks[0].Queued);
    }

    /// <summary>The first timer that fired unseen, or the first in the queue of what was due at once, whichever is older.</summary>
    private static async Task<DateTime?> OldestDueAsync(StateSnapshot state, DateTime now, CancellationToken cancellationToken)
    {
        var timer = await state.Connection.ScalarAsync<DateTime?>(
            "SELECT min(visible_at) FROM durable.new_events WHERE hub = $1 AND NOT is_held AND visible_at <= $2 AND visible_at > '-infinity'",
            cancellationToken, state.Hub, now);
        var first = await state.Connection.ScalarAsync<string>(
            """
            SELECT event FROM durable.new_events
            WHERE hub = $1 AND NOT is_held AND visible_at = '-infinity' ORDER BY sequence_number LIMIT 1
            """,
            cancellationToken, state.Hub);
        return new[] { timer, TimeOf(first) }.Min();
    }

    private static DateTime? TimeOf(string? json)
    {
        try
        {
            return json is null ? null : HistorySerializer.Read<HistoryEvent>(json).Timestamp;
        }
        catch (JsonException)
        {
            // The instance's own diagnosis says that its events cannot be read.
            return null;
        }
    }
}
