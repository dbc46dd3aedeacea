using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>One base backup of one server. Copies that it could not write or verify are finished by <see cref="FinishCopies"/>.</summary>
public static class BaseBackup
{
    [Function(nameof(BaseBackup))]
    public static async Task<BaseBackupResult> Run([OrchestrationTrigger] TaskOrchestrationContext context) =>
        (await TakeAsync(context, context.GetInput<BaseBackupParameters>()!, progress => context.SetCustomStatus(progress))).Output<BaseBackupResult>();

    /// <returns>Of the job, which succeeded.</returns>
    internal static async Task<JobResult> TakeAsync(TaskOrchestrationContext context, BaseBackupParameters parameters, Action<JobProgress> onProgress)
    {
        var spec = await context.StartJobAsync($"base-{context.NewGuid():N}", JobKinds.BaseBackup, parameters);
        var result = (await context.WaitForJobAsync(spec, onProgress))!;
        var backup = result.Output<BaseBackupResult>();
        if (backup.Status != BackupStatus.Verified || backup.Copies.Any(copy => !copy.Verified))
        {
            await context.StartFinishingAsync(backup.BackupId);
        }

        return result;
    }
}
