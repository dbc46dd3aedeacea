using BackupFunctions.Workflows;

namespace BackupFunctions.Activities;

/// <summary>
/// Starts <see cref="FinishCopies"/> for one backup, as an instance of its own that nobody waits for. Its id names the backup, so that a
/// repeated call finds it started.
/// </summary>
public sealed class StartFinishingCopies
{
    [Function(nameof(StartFinishingCopies))]
    public async Task Run([ActivityTrigger] string backupId, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var instance = InstanceOf(backupId);
        if (await client.GetInstanceAsync(instance, cancellationToken) is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(FinishCopies), backupId, new StartOrchestrationOptions(instance), cancellationToken);
        }
    }

    internal static string InstanceOf(string backupId) => $"finish-copies-{backupId}";
}
