using BackupFunctions.EmbeddedHost.Durable.Dispatch;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.Durable.Replay;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Durable.Management;

/// <summary>Rewinds a failed instance and the failed sub-orchestrations it waits for, in one transaction.</summary>
internal sealed class InstanceRewinder(
    DurableDatabase database,
    WorkNotifications notifications,
    DurableFunctionRegistry functions,
    DataConverter converter,
    TimeProvider time,
    IOptions<DurableEngineOptions> options,
    ILoggerFactory loggers)
{
    private readonly ReplaySettings _settings = ReplaySettings.Of(options.Value, converter, loggers);

    /// <exception cref="ArgumentException">The instance is unknown.</exception>
    /// <exception cref="InvalidOperationException">The instance has not failed, or would fail again at once.</exception>
    public async Task RewindAsync(string instanceId, string reason, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var instance = await LockAsync(connection, instanceId, cancellationToken)
            ?? throw new ArgumentException($"There is no instance {instanceId} to rewind.", nameof(instanceId));
        if (instance.Status != OrchestrationRuntimeStatus.Failed)
        {
            throw new InvalidOperationException($"Instance {instanceId} is {instance.Status}; only a failed one can be rewound.");
        }

        await RewindAsync(connection, instance, instance.Parent, reason, cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        notifications.AddTo(batch, WorkKinds.Orchestrations, instanceId);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        notifications.Tell(WorkKinds.Orchestrations, instanceId);
    }

    private async Task RewindAsync(
        NpgsqlConnection connection, StoredInstance instance, ParentLink? parent, string reason, CancellationToken cancellationToken)
    {
        var (history, payloads) = await HistoryReader.ReadAsync(connection, database.Hub, instance.InstanceId, cancellationToken);
        var children = await FailedChildrenAsync(connection, history, cancellationToken);
        var rewound = new HistoryRewind(past => Replay(instance, past), children.ContainsKey).Run(history)
            ?? throw new InvalidOperationException(
                $"Instance {instance.InstanceId} would fail again, because its orchestrator fails by itself: mend that, or restart it.");
        var execution = Guid.NewGuid().ToString("N");
        var known = database.NewPayloads();
        known.AddKnown(instance.InstanceId, payloads);
        await WriteAsync(connection, instance, parent, execution, rewound, known, reason, cancellationToken);
        foreach (var created in Waiting(rewound))
        {
            var link = new ParentLink(instance.Name, instance.InstanceId, execution, created.EventId);
            if (children.TryGetValue(created.InstanceId, out var child))
            {
                await RewindAsync(connection, child, link, reason, cancellationToken);
            }
            else
            {
                await RelinkAsync(connection, created.InstanceId, link, cancellationToken);
            }
        }
    }

    private ReplayOutcome Replay(StoredInstance instance, IReadOnlyList<HistoryEvent> past)
    {
        var parent = instance.Parent is { } link ? new ParentOrchestrationInstance(link.Name, link.InstanceId) : null;
        var described = new ReplayInstance(instance.Name, instance.InstanceId, instance.Version ?? string.Empty, parent, null);
        return new OrchestrationReplay(described, functions, _settings).Run(past, [], static () => { });
    }

    /// <summary>Sub-orchestrations without an answer.</summary>
    private static IEnumerable<SubOrchestrationCreatedEvent> Waiting(List<HistoryEvent> history)
    {
        var answered = history.OfType<SubOrchestrationCompletedEvent>().Select(e => e.ScheduledId)
            .Concat(history.OfType<SubOrchestrationFailedEvent>().Select(e => e.ScheduledId)).ToHashSet();
        return history.OfType<SubOrchestrationCreatedEvent>().Where(e => !answered.Contains(e.EventId)).ToList();
    }

    private async Task<StoredInstance?> LockAsync(NpgsqlConnection connection, string instanceId, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync(
            StoredInstance.Read,
            $"SELECT {StoredInstance.Columns(true)} FROM durable.instances WHERE hub = $1 AND instance_id = $2 FOR NO KEY UPDATE",
            cancellationToken, database.Hub, instanceId);
        return rows.SingleOrDefault();
    }

    private async Task<Dictionary<string, StoredInstance>> FailedChildrenAsync(
        NpgsqlConnection connection, List<HistoryEvent> history, CancellationToken cancellationToken)
    {
        var children = new Dictionary<string, StoredInstance>(StringComparer.Ordinal);
        foreach (var created in history.OfType<SubOrchestrationCreatedEvent>())
        {
            var child = await LockAsync(connection, created.InstanceId, cancellationToken);
            if (child is { Status: OrchestrationRuntimeStatus.Failed })
            {
                children[child.InstanceId] = child;
            }
        }

        return children;
    }

    private async Task WriteAsync(
        NpgsqlConnection connection,
        StoredInstance instance,
        ParentLink? parent,
        string execution,
        List<HistoryEvent> history,
        PayloadBatch payloads,
        string reason,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("DELETE FROM durable.history WHERE hub = $1 AND instance_id = $2", database.Hub, instance.InstanceId);
        batch.Add("DELETE FROM durable.new_events WHERE hub = $1 AND instance_id = $2", database.Hub, instance.InstanceId);
        batch.Add("DELETE FROM durable.new_tasks WHERE hub = $1 AND instance_id = $2", database.Hub, instance.InstanceId);
        batch.Add(
            """
            UPDATE durable.instances
            SET execution_id = $3, status = 'Running', output = NULL, failure = NULL, completed_at = NULL, last_updated_at = $4,
                parent = $5, attempts = 0, locked_by = NULL, lock_expires_at = NULL
            WHERE hub = $1 AND instance_id = $2
            """,
            database.Hub, instance.InstanceId, execution, now, parent is null ? null : HistorySerializer.Write(parent));
        CheckpointWriter.AddHistory(batch, database.Hub, instance.InstanceId, 0, history, payloads);
        batch.AddEvents(database.Hub, [new OutgoingEvent(instance.InstanceId, new ExecutionRewoundEvent(now, reason), execution)], payloads);
        payloads.AddTo(batch);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A sub-orchestration that still runs answers the new execution.</summary>
    private Task RelinkAsync(NpgsqlConnection connection, string child, ParentLink link, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            $"""
            UPDATE durable.instances SET parent = $3
            WHERE hub = $1 AND instance_id = $2 AND parent_instance_id = $4 AND status NOT IN {InstanceStates.FinalSql}
            """,
            cancellationToken, database.Hub, child, HistorySerializer.Write(link), link.InstanceId);
}
