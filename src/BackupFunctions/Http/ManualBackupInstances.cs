using BackupFunctions.Contracts.ManualBackups;
using BackupFunctions.Workflows;

namespace BackupFunctions.Http;

/// <summary>Manual backups as the engine knows them.</summary>
internal static class ManualBackupInstances
{
    private static readonly OrchestrationRuntimeStatus[] Open =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <returns>Null when there is no such instance, or it is something else.</returns>
    public static async Task<OrchestrationMetadata?> FindAsync(DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        await client.GetInstancesAsync(id, getInputsAndOutputs: true, cancellationToken) is { Name: nameof(ManualBackup) } found ? found : null;

    /// <summary>Those that wait for their time, the next one first.</summary>
    public static async Task<IReadOnlyList<ScheduledBackup>> ScheduledAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var scheduled = new List<ScheduledBackup>();
        await foreach (var one in client.GetAllInstancesAsync(new OrchestrationQuery(Statuses: Open)).WithCancellation(cancellationToken))
        {
            if (one.Name == nameof(ManualBackup) && await FindAsync(client, one.InstanceId, cancellationToken) is { } found && Scheduled(found) is { } waiting)
            {
                scheduled.Add(waiting);
            }
        }

        return [.. scheduled.OrderBy(one => one.At).ThenBy(one => one.Id, StringComparer.Ordinal)];
    }

    /// <summary>One whose first turn has not come yet shows no status: it waits when it has a time.</summary>
    public static bool IsWaiting(OrchestrationMetadata instance) => !instance.IsCompleted
        && (instance.ReadCustomStatusAs<ManualBackupStatus>() is { } status
            ? status.State == ManualBackupState.Waiting
            : instance.ReadInputAs<ManualBackupRequest>()?.At is not null);

    private static ScheduledBackup? Scheduled(OrchestrationMetadata instance) =>
        IsWaiting(instance) && instance.ReadInputAs<ManualBackupRequest>() is { At: { } at } request
            ? new ScheduledBackup
            {
                Id = instance.InstanceId,
                Kind = request.Kind,
                Database = request.Database,
                Server = request.Server,
                Tenants = request.Tenants,
                At = at,
                Hook = request.Hook,
                RequestedBy = request.RequestedBy,
                RequestedAt = instance.CreatedAt,
                Suspended = instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended,
            }
            : null;
}
