namespace BackupFunctions.Http;

internal static class RunningInstances
{
    /// <returns>False: it has ended, or there is none.</returns>
    public static async Task<bool> IsRunningAsync(this DurableTaskClient client, string instanceId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instanceId, cancellationToken) is { IsCompleted: false };
}
