using BackupFunctions.Contracts.ManualBackups;
using BackupFunctions.Notifications;

namespace BackupFunctions.Activities;

public sealed class NotifyBackupEnd(BackupNotifier notifier)
{
    /// <returns>Why the hook does not know, a sentence; null when it does.</returns>
    [Function(nameof(NotifyBackupEnd))]
    public Task<string?> Run([ActivityTrigger] BackupNotification notification, CancellationToken cancellationToken) =>
        notifier.TellAsync(notification, cancellationToken);
}
