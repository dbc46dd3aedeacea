using BackupFunctions.EmbeddedHost.Durable.Dispatch;
using BackupFunctions.EmbeddedHost.Durable.History;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Sends events to instances from outside of any turn.</summary>
internal sealed class EventSender(DurableDatabase database, WorkNotifications notifications)
{
    /// <summary>Does nothing when the instance is unknown or in a final state.</summary>
    /// <param name="instanceId">The receiver.</param>
    /// <param name="sent">What happened.</param>
    /// <param name="executionId">Only for this execution; null for whichever is present.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task SendAsync(string instanceId, HistoryEvent sent, string? executionId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        var payloads = database.NewPayloads();
        batch.AddEvents(database.Hub, [new OutgoingEvent(instanceId, sent, executionId)], payloads);
        payloads.AddTo(batch);
        notifications.AddTo(batch, WorkKinds.Orchestrations, null);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        notifications.Tell(WorkKinds.Orchestrations, null);
    }
}
