using BackupFunctions.EmbeddedHost.Durable.Histories;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.State;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>Reads what is stored of instances.</summary>
internal sealed class InstanceFactsReader(StateSnapshot state)
{
    private NpgsqlConnection Connection => state.Connection;

    /// <param name="instanceId">Only this one; null for all.</param>
    /// <param name="openOnly">Without those that have ended.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Oldest first.</returns>
    public Task<List<StoredInstance>> ListAsync(string? instanceId, bool openOnly, CancellationToken cancellationToken) =>
        Connection.QueryAsync(
            StoredInstance.Read,
            $"""
            SELECT {StoredInstance.Columns(withData: false)} FROM durable.instances
            WHERE hub = $1 AND ($2::text IS NULL OR instance_id = $2) AND (NOT $3 OR status NOT IN {InstanceStates.FinalSql})
            ORDER BY created_at, instance_id
            """,
            cancellationToken, state.Hub, instanceId, openOnly);

    /// <exception cref="System.Text.Json.JsonException">Events are of a shape that this program does not know.</exception>
    public async Task<StoredHistory> HistoryAsync(StoredInstance instance, CancellationToken cancellationToken) => new(
        instance.InstanceId,
        instance.Name,
        instance.Version,
        instance.Status,
        instance.Parent,
        (await HistoryReader.ReadAsync(Connection, state.Hub, instance.InstanceId, cancellationToken)).History);

    /// <exception cref="System.Text.Json.JsonException">Events are of a shape that this program does not know.</exception>
    public async Task<InstanceFacts> FactsAsync(StoredInstance instance, CancellationToken cancellationToken) => new(
        instance,
        await FailedTurnsAsync(instance, cancellationToken),
        await HistoryAsync(instance, cancellationToken),
        await EventsAsync(instance, cancellationToken),
        await TasksAsync(instance, cancellationToken),
        await ChildrenAsync(instance, cancellationToken));

    private Task<int> FailedTurnsAsync(StoredInstance instance, CancellationToken cancellationToken) =>
        Connection.ScalarAsync<int>(
            "SELECT attempts - (locked_by IS NOT NULL)::integer FROM durable.instances WHERE hub = $1 AND instance_id = $2",
            cancellationToken, state.Hub, instance.InstanceId);

    private async Task<List<StoredEvent>> EventsAsync(StoredInstance instance, CancellationToken cancellationToken)
    {
        var events = await Connection.QueryAsync(
            row => new StoredEvent(HistorySerializer.Read<HistoryEvent>(row.GetString(0)), row.GetDateTime(1), row.GetBoolean(2)),
            """
            SELECT event, visible_at, is_held FROM durable.new_events
            WHERE hub = $1 AND instance_id = $2 AND (execution_id IS NULL OR execution_id = $3)
            ORDER BY is_first DESC, visible_at, sequence_number
            """,
            cancellationToken, state.Hub, instance.InstanceId, instance.ExecutionId);
        var texts = events.Select(stored => (instance.InstanceId, EventPayload.Of(stored.Event)));
        var payloads = await PayloadReader.ReadAsync(Connection, state.Hub, texts, cancellationToken);
        return events.ConvertAll(stored => stored with { Event = PayloadReader.Resolve(stored.Event, payloads) });
    }

    private Task<List<PendingTask>> TasksAsync(StoredInstance instance, CancellationToken cancellationToken) =>
        Connection.QueryAsync(
            row => new PendingTask(row.GetInt32(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetInt32(2)),
            """
            SELECT task_id, dequeue_count, CASE WHEN lock_expires_at > clock_timestamp() THEN locked_by END FROM durable.new_tasks
            WHERE hub = $1 AND instance_id = $2 AND execution_id = $3
            """,
            cancellationToken, state.Hub, instance.InstanceId, instance.ExecutionId);

    private async Task<Dictionary<string, string>> ChildrenAsync(StoredInstance instance, CancellationToken cancellationToken)
    {
        var children = await Connection.QueryAsync(
            row => KeyValuePair.Create(row.GetString(0), row.GetString(1)),
            "SELECT instance_id, status FROM durable.instances WHERE hub = $1 AND parent_instance_id = $2",
            cancellationToken, state.Hub, instance.InstanceId);
        return new Dictionary<string, string>(children, StringComparer.Ordinal);
    }
}
