using BackupFunctions.EmbeddedHost.Durable.Dispatch;
using BackupFunctions.EmbeddedHost.Durable.History;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>The queue of activities.</summary>
internal sealed class ActivityStore(DurableDatabase database, WorkNotifications notifications)
{
    private string Hub => database.Hub;

    /// <summary>Locks activities in the order in which they were asked for.</summary>
    /// <param name="count">At most so many.</param>
    /// <param name="lease">How long the locks last unless renewed.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The locks, and how long until another host's lock runs out; null when there is none.</returns>
    public async Task<(List<ActivityWorkItem> Items, TimeSpan? NextDue)> LockAsync(
        int count, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);

        // As for instances: a lock lost by a crash of the server is a lock given back.
        batch.Add("SELECT set_config('synchronous_commit', 'off', true)");
        batch.Add(
            """
            WITH free AS MATERIALIZED (
                SELECT sequence_number FROM durable.new_tasks
                WHERE hub = $1 AND (lock_expires_at IS NULL OR lock_expires_at <= clock_timestamp())
                ORDER BY sequence_number
                LIMIT $2
                FOR UPDATE SKIP LOCKED)
            UPDATE durable.new_tasks t
            SET locked_by = $3, lock_expires_at = clock_timestamp() + $4, dequeue_count = dequeue_count + 1
            FROM free f WHERE t.sequence_number = f.sequence_number
            RETURNING t.sequence_number, t.instance_id, t.task_id, t.name, t.input, t.dequeue_count
            """,
            Hub, (long)count, notifications.Sender, lease);
        batch.Add(
            """
            SELECT min(lock_expires_at) - clock_timestamp() FROM durable.new_tasks
            WHERE hub = $1 AND locked_by IS DISTINCT FROM $2 AND lock_expires_at IS NOT NULL
            """,
            Hub, notifications.Sender);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var items = await reader.AllAsync(
            row => new ActivityWorkItem(
                row.GetInt64(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.Text(4), row.GetInt32(5)),
            cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        TimeSpan? nextDue = reader.IsDBNull(0) ? null : reader.GetTimeSpan(0);
        await reader.DisposeAsync();
        return (await WithPayloadsAsync(connection, items, cancellationToken), nextDue);
    }

    /// <summary>
    /// Takes the activity from the queue and gives its answer to the orchestration, both or none. Nothing happens when the lease was
    /// lost: whoever has it now answers. A delivery too few is a lock that a crash of the server lost, since locks do not wait for the
    /// disk: nobody has taken it since, and the answer counts.
    /// </summary>
    public async Task CompleteAsync(ActivityWorkItem item, HistoryEvent answer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        var payloads = database.NewPayloads();
        batch.Add(
            $"""
            WITH done AS (
                DELETE FROM durable.new_tasks
                WHERE sequence_number = $1 AND ((locked_by = $2 AND dequeue_count = $3) OR dequeue_count = $3 - 1)
                RETURNING hub, instance_id, execution_id)
            INSERT INTO durable.new_events (hub, instance_id, execution_id, event_type, event)
            SELECT d.hub, d.instance_id, d.execution_id, $4, $5
            FROM done d JOIN durable.instances i ON i.hub = d.hub AND i.instance_id = d.instance_id
            WHERE i.execution_id = d.execution_id AND i.status NOT IN {InstanceStates.FinalSql}
            """,
            item.SequenceNumber,
            notifications.Sender,
            item.Deliveries,
            HistorySerializer.TypeName(answer),
            HistorySerializer.Write(payloads.Put(item.InstanceId, answer)));
        payloads.AddTo(batch);
        notifications.AddTo(batch, WorkKinds.Orchestrations, null);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        notifications.Tell(WorkKinds.Orchestrations, null);
    }

    /// <summary>Gives an activity back as if it had not been delivered.</summary>
    public async Task ReleaseAsync(ActivityWorkItem item, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            """
            UPDATE durable.new_tasks SET locked_by = NULL, lock_expires_at = NULL, dequeue_count = dequeue_count - 1
            WHERE sequence_number = $1 AND locked_by = $2 AND dequeue_count = $3
            """,
            item.SequenceNumber, notifications.Sender, item.Deliveries);
        notifications.AddTo(batch, WorkKinds.Activities, null);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<List<ActivityWorkItem>> WithPayloadsAsync(
        NpgsqlConnection connection, List<ActivityWorkItem> items, CancellationToken cancellationToken)
    {
        var payloads = await PayloadReader.ReadAsync(connection, Hub, items.Select(i => (i.InstanceId, i.Input)), cancellationToken);

        // What cannot be found must fail its own activity only: the reference is no JSON.
        return items.ConvertAll(item => PayloadBatch.IdIn(item.Input) is { } id && payloads.TryGetValue(id, out var input)
            ? item with { Input = input }
            : item);
    }
}
