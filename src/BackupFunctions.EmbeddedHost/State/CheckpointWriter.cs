using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>The statements of a checkpoint; they follow the update of the instance in one transaction.</summary>
internal static class CheckpointWriter
{
    /// <returns>Answers to the parent for sub-orchestrations whose id is in use.</returns>
    public static async Task<List<OutgoingEvent>> CreateChildrenAsync(
        NpgsqlConnection connection,
        DurableDatabase database,
        OrchestrationLock parent,
        Checkpoint checkpoint,
        CancellationToken cancellationToken)
    {
        var refused = new List<OutgoingEvent>();
        foreach (var (action, instance) in checkpoint.Children)
        {
            if (!await InstanceCreator.CreateAsync(connection, database, instance, InstanceCreator.NotFinal, cancellationToken))
            {
                var failure = new TaskFailureDetails(
                    "OrchestrationAlreadyExists",
                    $"The instance id {instance.InstanceId} is in use; call the sub-orchestration with an id of its own.",
                    null,
                    null,
                    null) { IsNonRetriable = true };
                refused.Add(new OutgoingEvent(
                    parent.InstanceId, new SubOrchestrationFailedEvent(checkpoint.Now, action.EventId, failure), parent.ExecutionId));
            }
        }

        return refused;
    }

    public static void Add(NpgsqlBatch batch, string hub, OrchestrationWorkItem item, Checkpoint checkpoint, PayloadBatch payloads)
    {
        var instanceId = item.Lock.InstanceId;
        if (checkpoint.Consumed.Count > 0)
        {
            batch.Add("DELETE FROM durable.new_events WHERE sequence_number = ANY ($1)", checkpoint.Consumed.ToArray());
        }

        if (checkpoint.Held.Count > 0)
        {
            batch.Add("UPDATE durable.new_events SET is_held = true WHERE sequence_number = ANY ($1)", checkpoint.Held.ToArray());
        }

        if (checkpoint.Next is { } next)
        {
            AddNext(batch, hub, item.Lock, next, payloads);
        }
        else
        {
            AddHistory(batch, hub, instanceId, item.HistoryLength, checkpoint.History, payloads);
        }

        AddTasks(batch, hub, item.Lock, checkpoint.Tasks, payloads);
        batch.AddEvents(hub, checkpoint.Outgoing, payloads);
        if (checkpoint.ForChildren is { } terminated)
        {
            batch.Add(
                $"""
                INSERT INTO durable.new_events (hub, instance_id, execution_id, event_type, event)
                SELECT hub, instance_id, execution_id, $3, $4 FROM durable.instances
                WHERE hub = $1 AND parent_instance_id = $2 AND status NOT IN {InstanceStates.FinalSql}
                """,
                hub, instanceId, HistorySerializer.TypeName(terminated), HistorySerializer.Write<HistoryEvent>(terminated));
        }

        if (checkpoint.Next is not null)
        {
            DropUnreferenced(batch, hub, instanceId);
        }

        payloads.AddTo(batch);
    }

    public static void AddHistory(
        NpgsqlBatch batch, string hub, string instanceId, int offset, IReadOnlyList<HistoryEvent> events, PayloadBatch payloads)
    {
        if (events.Count > 0)
        {
            batch.Add(
                """
                INSERT INTO durable.history (hub, instance_id, sequence_number, event_type, event)
                SELECT $1, $2, $3 + h.n - 1, h.event_type, h.event
                FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS h (event_type, event, n)
                """,
                hub,
                instanceId,
                offset,
                events.Select(HistorySerializer.TypeName).ToArray(),
                events.Select(e => HistorySerializer.Write(payloads.Put(instanceId, e))).ToArray());
        }
    }

    private static void AddTasks(
        NpgsqlBatch batch, string hub, OrchestrationLock held, IReadOnlyList<TaskScheduledEvent> tasks, PayloadBatch payloads)
    {
        if (tasks.Count > 0)
        {
            batch.Add(
                """
                INSERT INTO durable.new_tasks (hub, instance_id, execution_id, task_id, name, version, input, tags)
                SELECT $1, $2, $3, t.task_id, t.name, t.version, t.input, t.tags
                FROM unnest($4::integer[], $5::text[], $6::text[], $7::text[], $8::text[])
                    WITH ORDINALITY AS t (task_id, name, version, input, tags, n)
                ORDER BY t.n
                """,
                hub,
                held.InstanceId,
                held.ExecutionId,
                tasks.Select(t => t.EventId).ToArray(),
                tasks.Select(t => t.Name).ToArray(),
                tasks.Select(t => t.Version).ToArray(),
                tasks.Select(t => payloads.Put(held.InstanceId, t.Input)).ToArray(),
                tasks.Select(t => t.Tags is { Count: > 0 } tags ? HistorySerializer.Write(tags) : null).ToArray());
        }
    }

    private static void AddNext(
        NpgsqlBatch batch,
        string hub,
        OrchestrationLock held,
        (string ExecutionId, ExecutionStartedEvent Started, IReadOnlyList<EventRaisedEvent> Carried) next,
        PayloadBatch payloads)
    {
        batch.Add("DELETE FROM durable.history WHERE hub = $1 AND instance_id = $2", hub, held.InstanceId);
        batch.Add(
            "DELETE FROM durable.new_events WHERE hub = $1 AND instance_id = $2 AND execution_id = $3",
            hub, held.InstanceId, held.ExecutionId);
        batch.Add(
            "UPDATE durable.instances SET execution_id = $3, version = $4, input = $5 WHERE hub = $1 AND instance_id = $2",
            hub, held.InstanceId, next.ExecutionId, next.Started.Version, payloads.Put(held.InstanceId, next.Started.Input));
        batch.AddEvents(
            hub,
            [
                new OutgoingEvent(held.InstanceId, next.Started, next.ExecutionId, IsFirst: true),
                .. next.Carried.Select(carried => new OutgoingEvent(held.InstanceId, carried, next.ExecutionId, IsFirst: true)),
            ],
            payloads);
    }

    /// <summary>An instance that starts over without end must not gather what its dropped histories referred to.</summary>
    private static void DropUnreferenced(NpgsqlBatch batch, string hub, string instanceId) => batch.Add(
        """
        DELETE FROM durable.payloads p USING durable.instances i
        WHERE p.hub = $1 AND p.instance_id = $2 AND i.hub = p.hub AND i.instance_id = p.instance_id
            AND strpos(concat(i.input, i.custom_status), p.payload_id) = 0
            AND NOT EXISTS (
                SELECT FROM durable.new_events e
                WHERE e.hub = p.hub AND e.instance_id = p.instance_id AND strpos(e.event, p.payload_id) > 0)
        """,
        hub, instanceId);
}
