using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

internal static class InstanceCreator
{
    /// <summary>States that keep an instance from being replaced, unless the caller names others.</summary>
    public static readonly IReadOnlyList<string> NotFinal =
    [
        nameof(OrchestrationRuntimeStatus.Pending),
        nameof(OrchestrationRuntimeStatus.Running),
        nameof(OrchestrationRuntimeStatus.Suspended),
        nameof(OrchestrationRuntimeStatus.ContinuedAsNew),
    ];

    /// <summary>Creates the instance, in place of an existing one of the same id unless that is in a blocking state.</summary>
    /// <returns>False when it was blocked.</returns>
    /// <remarks>Call it in a transaction.</remarks>
    public static async Task<bool> CreateAsync(
        NpgsqlConnection connection,
        DurableDatabase database,
        NewInstance instance,
        IReadOnlyList<string> blocking,
        CancellationToken cancellationToken)
    {
        var hub = database.Hub;
        var started = instance.Started;
        var payloads = database.NewPayloads();
        var isNew = await connection.ScalarAsync<bool?>(
            """
            INSERT INTO durable.instances AS existing
                (hub, instance_id, execution_id, name, version, status, created_at, last_updated_at, input, tags,
                 parent_instance_id, parent)
            VALUES ($1, $2, $3, $4, $5, 'Pending', $6, $6, $7, $8, $9, $10)
            ON CONFLICT (hub, instance_id) DO UPDATE SET
                execution_id = excluded.execution_id, name = excluded.name, version = excluded.version, status = excluded.status,
                created_at = excluded.created_at, last_updated_at = excluded.last_updated_at, completed_at = NULL,
                input = excluded.input, output = NULL, custom_status = NULL, failure = NULL, tags = excluded.tags,
                parent_instance_id = excluded.parent_instance_id, parent = excluded.parent,
                locked_by = NULL, lock_expires_at = NULL, attempts = 0
            WHERE existing.status <> ALL ($11::text[])
            RETURNING xmax = 0
            """,
            cancellationToken,
            hub,
            instance.InstanceId,
            instance.ExecutionId,
            started.Name,
            started.Version,
            started.Timestamp,
            payloads.Put(instance.InstanceId, started.Input),
            instance.Tags.Count == 0 ? null : HistorySerializer.Write(instance.Tags),
            started.Parent?.InstanceId,
            started.Parent is null ? null : HistorySerializer.Write(started.Parent),
            blocking.ToArray());
        if (isNew is null)
        {
            return false;
        }

        await using var batch = new NpgsqlBatch(connection);
        if (isNew == false)
        {
            batch.Add("DELETE FROM durable.history WHERE hub = $1 AND instance_id = $2", hub, instance.InstanceId);
            batch.Add("DELETE FROM durable.new_events WHERE hub = $1 AND instance_id = $2", hub, instance.InstanceId);
            batch.Add("DELETE FROM durable.new_tasks WHERE hub = $1 AND instance_id = $2", hub, instance.InstanceId);
            batch.Add("DELETE FROM durable.payloads WHERE hub = $1 AND instance_id = $2", hub, instance.InstanceId);
        }

        var first = new OutgoingEvent(instance.InstanceId, started, instance.ExecutionId, instance.StartAt, IsFirst: true);
        batch.AddEvents(hub, [first], payloads);
        payloads.AddTo(batch);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }
}
