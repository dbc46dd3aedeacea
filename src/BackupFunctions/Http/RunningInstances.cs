using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

internal static class RunningInstances
{
    /// <returns>False: it has ended, or there is none.</returns>
    public static async Task<bool> IsRunningAsync(this DurableTaskClient client, string instanceId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instanceId, cancellationToken) is { IsCompleted: false };

    /// <returns>202 with where to follow the instance, and the links to manage it.</returns>
    public static AcceptedResult Accepted(this DurableTaskClient client, string instanceId)
    {
        var payload = client.CreateHttpManagementPayload(instanceId);
        return new AcceptedResult(payload.StatusQueryGetUri, payload);
    }
}
