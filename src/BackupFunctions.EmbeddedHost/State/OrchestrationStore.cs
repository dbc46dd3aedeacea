using System.Collections.ObjectModel;
using BackupFunctions.EmbeddedHost.Durable.Dispatch;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Takes due instances, reads what a turn needs, writes what it did.</summary>
internal sealed class OrchestrationStore(DurableDatabase database, WorkNotifications notifications)
{
    private string Hub => database.Hub;

    /// <summary>Locks instances that have due events, the longest due first.</summary>
    /// <param name="count">At most so many.</param>
    /// <param name="now">UTC; what is visible later is not due.</param>
    /// <param name="lease">How long the locks last unless renewed.</param>
    /// <param name="foreignVersions">
    /// Versions of instances that are not for this host, empty for unversioned; they are taken only to be terminated.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>
    /// The locks, and how long until the next event is due or another host's lock runs out; null when nothing is in sight.
    /// </returns>
    public async Task<(List<OrchestrationLock> Locks, TimeSpan? NextDue)> LockAsync(
        int count, DateTime now, TimeSpan lease, IReadOnlyCollection<string> foreignVersions, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);

        // A lock lost by a crash of the server is a lock given back: no reason to wait for the disk.
        batch.Add("SELECT set_config('synchronous_commit', 'off', true)");
        batch.Add(
            """
            WITH due AS MATERIALIZED (
                SELECT i.hub, i.instance_id
                FROM durable.new_events e
                JOIN durable.instances i ON i.hub = e.hub AND i.instance_id = e.instance_id
                WHERE e.hub = $1 AND NOT e.is_held AND e.visible_at <= $2
                    AND (i.lock_expires_at IS NULL OR i.lock_expires_at <= clock_timestamp())
                    AND (coalesce(i.version, '') <> ALL ($6::text[]) OR e.event_type = 'ExecutionTerminated')
                ORDER BY e.visible_at, e.sequence_number
                LIMIT $3
                FOR NO KEY UPDATE OF i SKIP LOCKED)
            UPDATE durable.instances i
            SET locked_by = $4, lock_expires_at = clock_timestamp() + $5, turn = turn + 1, attempts = attempts + 1
            FROM (SELECT DISTINCT hub, instance_id FROM due) d
            WHERE i.hub = d.hub AND i.instance_id = d.instance_id
            RETURNING i.instance_id, i.execution_id, i.name, i.version, i.status, i.custom_status, i.parent, i.turn, i.attempts, i.tags
            """,
            Hub, now, (long)count, notifications.Sender, lease, foreignVersions.ToArray());
        batch.Add(
            """
            SELECT least(
                (SELECT min(visible_at) FROM durable.new_events WHERE hub = $1 AND NOT is_held AND visible_at > $2) - $2,
                (SELECT min(lock_expires_at) FROM durable.instances
                 WHERE hub = $1 AND lock_expires_at IS NOT NULL AND locked_by IS DISTINCT FROM $3) - clock_timestamp())
            """,
            Hub, now, notifications.Sender);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var locks = await reader.AllAsync(ReadLock, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (locks, reader.IsDBNull(0) ? null : reader.GetTimeSpan(0));
    }

    public async Task<OrchestrationWorkItem> LoadAsync(OrchestrationLock held, DateTime now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            "SELECT event FROM durable.history WHERE hub = $1 AND instance_id = $2 ORDER BY sequence_number", Hub, held.InstanceId);
        batch.Add(
            """
            SELECT sequence_number, execution_id, event FROM durable.new_events
            WHERE hub = $1 AND instance_id = $2 AND visible_at <= $3
            ORDER BY is_first DESC, visible_at, sequence_number
            """,
            Hub, held.InstanceId, now);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var history = await reader.AllAsync(row => HistorySerializer.Read<HistoryEvent>(row.GetString(0)), cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var events = await reader.AllAsync(
            row => new PendingEvent(row.GetInt64(0), row.Text(1), HistorySerializer.Read<HistoryEvent>(row.GetString(2))),
            cancellationToken);
        await reader.DisposeAsync();
        var texts = history.Concat(events.Select(e => e.Event)).Select(EventPayload.Of).Append(held.CustomStatus);
        var payloads = await PayloadReader.ReadAsync(connection, Hub, texts.Select(t => (held.InstanceId, t)), cancellationToken);
        return new OrchestrationWorkItem(
            held with { CustomStatus = PayloadReader.Resolve(held.CustomStatus, payloads) },
            history.ConvertAll(e => PayloadReader.Resolve(e, payloads)),
            events.ConvertAll(e => e with { Event = PayloadReader.Resolve(e.Event, payloads) }))
        {
            Payloads = payloads,
        };
    }

    /// <summary>For an instance whose events cannot be read: how long its history is, and which events are pending.</summary>
    public async Task<(OrchestrationWorkItem Item, List<long> Pending)> LoadUnreadAsync(
        OrchestrationLock held, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var length = await connection.ScalarAsync<int>(
            "SELECT coalesce(max(sequence_number) + 1, 0) FROM durable.history WHERE hub = $1 AND instance_id = $2",
            cancellationToken, Hub, held.InstanceId);
        var pending = await connection.QueryAsync(
            row => row.GetInt64(0),
            "SELECT sequence_number FROM durable.new_events WHERE hub = $1 AND instance_id = $2",
            cancellationToken, Hub, held.InstanceId);
        return (new OrchestrationWorkItem(held, [], []) { HistoryLength = length }, pending);
    }

    /// <summary>Writes a turn and gives the lock back.</summary>
    /// <param name="item">What the turn worked on.</param>
    /// <param name="checkpoint">What it did.</param>
    /// <param name="cancellationToken">Cancels it as a whole.</param>
    /// <returns>False when the lease was lost meanwhile: nothing was written, another host does the turn.</returns>
    public async Task<bool> SaveAsync(OrchestrationWorkItem item, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var payloads = database.NewPayloads();
        payloads.AddKnown(item.Lock.InstanceId, item.Payloads);
        if (!await UpdateInstanceAsync(connection, item.Lock, checkpoint, payloads, cancellationToken))
        {
            return false;
        }

        var refused = await CheckpointWriter.CreateChildrenAsync(connection, database, item.Lock, checkpoint, cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        CheckpointWriter.Add(batch, Hub, item, checkpoint with { Outgoing = [.. checkpoint.Outgoing, .. refused] }, payloads);
        var kinds = Kinds(checkpoint);
        var changed = checkpoint.Status == item.Lock.Status ? null : item.Lock.InstanceId;
        notifications.AddTo(batch, kinds, changed);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        notifications.Tell(kinds, changed);
        return true;
    }

    /// <summary>Gives a lock back without an effect; nobody takes the instance before the delay is over.</summary>
    public async Task ReleaseAsync(OrchestrationLock held, TimeSpan delay, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            UPDATE durable.instances SET locked_by = NULL, lock_expires_at = clock_timestamp() + $5
            WHERE hub = $1 AND instance_id = $2 AND locked_by = $3 AND turn = $4
            """,
            cancellationToken, Hub, held.InstanceId, notifications.Sender, held.Turn, delay);
    }

    /// <summary>Gives a lock back that this host should not have taken, and tells the hosts that may.</summary>
    public async Task LeaveAsync(OrchestrationLock held, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            """
            UPDATE durable.instances SET locked_by = NULL, lock_expires_at = NULL, attempts = attempts - 1
            WHERE hub = $1 AND instance_id = $2 AND locked_by = $3 AND turn = $4
            """,
            Hub, held.InstanceId, notifications.Sender, held.Turn);
        notifications.AddTo(batch, WorkKinds.Orchestrations, null);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static WorkKinds Kinds(Checkpoint checkpoint)
    {
        var kinds = checkpoint.Tasks.Count > 0 ? WorkKinds.Activities : WorkKinds.None;
        return checkpoint.Outgoing.Count > 0 || checkpoint.Children.Count > 0 || checkpoint.ForChildren is not null
            ? kinds | WorkKinds.Orchestrations
            : kinds;
    }

    private static OrchestrationLock ReadLock(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.Text(3),
        Enum.Parse<OrchestrationRuntimeStatus>(row.GetString(4)),
        row.Text(5),
        row.Text(6) is { } parent ? HistorySerializer.Read<ParentLink>(parent) : null,
        row.GetInt64(7),
        row.GetInt32(8))
    {
        Tags = row.Text(9) is { } tags ? HistorySerializer.Read<Dictionary<string, string>>(tags) : ReadOnlyDictionary<string, string>.Empty,
    };

    private async Task<bool> UpdateInstanceAsync(
        NpgsqlConnection connection,
        OrchestrationLock held,
        Checkpoint checkpoint,
        PayloadBatch payloads,
        CancellationToken cancellationToken)
    {
        const string Unlock = "UPDATE durable.instances SET locked_by = NULL, lock_expires_at = NULL, attempts = 0";
        const string Fence = "WHERE hub = $1 AND instance_id = $2 AND locked_by = $3 AND turn = $4";
        var rows = checkpoint.IsTurn
            ? await connection.ExecuteAsync(
                $"{Unlock}, status = $5, custom_status = $6, output = $7, failure = $8, last_updated_at = $9, completed_at = $10 {Fence}",
                cancellationToken,
                Hub,
                held.InstanceId,
                notifications.Sender,
                held.Turn,
                checkpoint.Status.ToString(),
                payloads.Put(held.InstanceId, checkpoint.CustomStatus),
                payloads.Put(held.InstanceId, checkpoint.Output),
                checkpoint.Failure is null ? null : HistorySerializer.Write(checkpoint.Failure),
                checkpoint.Now,
                InstanceStates.IsFinal(checkpoint.Status) ? checkpoint.Now : (DateTime?)null)
            : await connection.ExecuteAsync(
                $"{Unlock} {Fence}", cancellationToken, Hub, held.InstanceId, notifications.Sender, held.Turn);
        return rows == 1;
    }
}
