using BackupFunctions.Workflows;

namespace BackupFunctions.Activities;

/// <summary>
/// Starts <see cref="FinishCopies"/> for one backup, as an instance of its own that nobody waits for. Its id names the backup, so that a
/// repeated call finds it started.
/// </summary>
public sealed class StartFinishingCopies
{
    [Function(nameof(StartFinishingCopies))]
    public Task Run([ActivityTrigger] string backupId, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        client.StartOnceAsync(nameof(FinishCopies), InstanceOf(backupId), backupId, cancellationToken);

    internal static string InstanceOf(string backupId) => $"finish-copies-{backupId}";
}
