using BackupFunctions.Contracts.ManualBackups;
using BackupFunctions.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>
/// POST /api/backups/{id}/cancel: a manual backup that waits for its time does not begin. The workflow decides between that and its time, so
/// the answer is what the workflow made of it.
/// </summary>
public sealed class CancelBackup(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    [Function(nameof(CancelBackup))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "backups/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (await ManualBackupInstances.FindAsync(client, id, cancellationToken) is not { } instance)
        {
            return Problems.NotFound("backup/unknown", $"No manual backup '{id}' is known: GET /api/backups/scheduled lists those that wait.");
        }

        if (ManualBackupInstances.IsWaiting(instance))
        {
            await client.RaiseEventAsync(id, ManualBackupEvents.Cancel, Caller.Of(request), cancellationToken);
            instance = await DecidedAsync(client, instance, cancellationToken);
        }

        // Accepted, not done: a suspended instance takes its events when it is resumed, one of a busy host when its turn comes.
        return ManualBackupInstances.IsWaiting(instance) ? client.Accepted(instance.InstanceId)
            : Result(instance) is { Status: ManualBackupOutcome.Canceled } canceled ? RequestBody.Json(canceled)
            : Problems.Conflict("backup/begun", Sentence(instance), id, "Too late to cancel");
    }

    /// <summary>As it is when it waits no more, or when it has not moved for long.</summary>
    private async Task<OrchestrationMetadata> DecidedAsync(DurableTaskClient client, OrchestrationMetadata instance, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (ManualBackupInstances.IsWaiting(instance) && instance.RuntimeStatus != OrchestrationRuntimeStatus.Suspended && time.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(Pause, time, cancellationToken);
            instance = await ManualBackupInstances.FindAsync(client, instance.InstanceId, cancellationToken) ?? instance;
        }

        return instance;
    }

    private static ManualBackupResult? Result(OrchestrationMetadata instance) => instance.ReadCustomStatusAs<ManualBackupStatus>()?.Result;

    private static string Sentence(OrchestrationMetadata instance) => instance.IsCompleted
        ? $"The backup {instance.InstanceId} has ended already, as {(Result(instance)?.Status.ToString() ?? instance.RuntimeStatus.ToString()).ToUpperInvariant()}."
        : $"The backup {instance.InstanceId} has begun and cannot be canceled any more: let it end, or terminate its instance.";
}
