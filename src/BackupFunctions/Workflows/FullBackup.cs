using BackupFunctions.Activities;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>One full backup of one database. Copies that it could not write or verify are finished by <see cref="FinishCopies"/>.</summary>
public static class FullBackup
{
    [Function(nameof(FullBackup))]
    public static async Task<FullBackupResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var parameters = context.GetInput<FullBackupParameters>()!;
        var spec = await context.StartJobAsync($"backup-{context.NewGuid():N}", JobKinds.FullBackup, parameters);
        var result = await context.WaitForJobAsync(spec, progress => context.SetCustomStatus(progress));
        var backup = result!.Output<FullBackupResult>();
        if (backup.Status != BackupStatus.Verified || backup.Copies.Any(copy => !copy.Verified))
        {
            await StartFinishingAsync(context, backup.BackupId);
        }

        return backup;
    }

    private static async Task StartFinishingAsync(TaskOrchestrationContext context, string backupId)
    {
        try
        {
            await context.CallActivityAsync(nameof(StartFinishingCopies), backupId, Retries.OfJobCalls);
        }
        catch (TaskFailedException)
        {
            // The backup exists and says what it lacks; the hourly check finds it as well.
        }
    }
}
