using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>One full backup of one database. Copies that it could not write or verify are finished by <see cref="FinishCopies"/>.</summary>
public static class FullBackup
{
    [Function(nameof(FullBackup))]
    public static async Task<FullBackupResult> Run([OrchestrationTrigger] TaskOrchestrationContext context) =>
        (await TakeAsync(context, context.GetInput<FullBackupParameters>()!, progress => context.SetCustomStatus(progress))).Output<FullBackupResult>();

    /// <returns>Of the job, which succeeded.</returns>
    internal static async Task<JobResult> TakeAsync(TaskOrchestrationContext context, FullBackupParameters parameters, Action<JobProgress> onProgress)
    {
        var spec = await context.StartJobAsync($"backup-{context.NewGuid():N}", JobKinds.FullBackup, parameters);
        var result = (await context.WaitForJobAsync(spec, onProgress))!;
        var backup = result.Output<FullBackupResult>();
        if (backup.Status != BackupStatus.Verified || backup.Copies.Any(copy => !copy.Verified))
        {
            await context.StartFinishingAsync(backup.BackupId);
        }

        return result;
    }
}
