using BackupFunctions.EmbeddedHost.Durable.Dispatch;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Starts instances from outside of any turn.</summary>
internal sealed class InstanceStarter(DurableDatabase database, WorkNotifications notifications)
{
    /// <returns>False when an instance of this id is in a blocking state.</returns>
    public async Task<bool> StartAsync(NewInstance instance, IReadOnlyList<string> blocking, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await InstanceCreator.CreateAsync(connection, database, instance, blocking, cancellationToken))
        {
            return false;
        }

        await using var batch = new NpgsqlBatch(connection);
        notifications.AddTo(batch, WorkKinds.Orchestrations, instance.InstanceId);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        notifications.Tell(WorkKinds.Orchestrations, instance.InstanceId);
        return true;
    }
}
