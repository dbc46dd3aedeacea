using BackupFunctions.EmbeddedHost.Durable.History;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

internal static class EventWriter
{
    /// <summary>Adds events to instances that can still take them; those to others vanish.</summary>
    /// <param name="batch">Is added to.</param>
    /// <param name="hub">The hub.</param>
    /// <param name="events">What happened.</param>
    /// <param name="payloads">Takes the large values.</param>
    public static void AddEvents(
        this NpgsqlBatch batch, string hub, IReadOnlyCollection<OutgoingEvent> events, PayloadBatch payloads)
    {
        if (events.Count == 0)
        {
            return;
        }

        batch.Add(
            $"""
            INSERT INTO durable.new_events (hub, instance_id, execution_id, visible_at, is_first, event_type, event)
            SELECT i.hub, i.instance_id, m.execution_id, coalesce(m.visible_at, '-infinity'), m.is_first, m.event_type, m.event
            FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::boolean[], $6::text[], $7::text[])
                WITH ORDINALITY AS m (instance_id, execution_id, visible_at, is_first, event_type, event, n)
            JOIN durable.instances i ON i.hub = $1 AND i.instance_id = m.instance_id
            WHERE i.status NOT IN {InstanceStates.FinalSql} AND (m.execution_id IS NULL OR m.execution_id = i.execution_id)
            ORDER BY m.n
            """,
            hub,
            events.Select(e => e.InstanceId).ToArray(),
            events.Select(e => e.ExecutionId).ToArray(),
            events.Select(e => e.VisibleAt).ToArray(),
            events.Select(e => e.IsFirst).ToArray(),
            events.Select(e => HistorySerializer.TypeName(e.Event)).ToArray(),
            events.Select(e => HistorySerializer.Write(payloads.Put(e.InstanceId, e.Event))).ToArray());
    }
}
