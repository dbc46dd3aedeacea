using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>One base backup of one server. Copies that it could not write or verify are finished by <see cref="FinishCopies"/>.</summary>
public static class BaseBackup
{
    [Function(nameof(BaseBackup))]
    public static async Task<BaseBackupResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var parameters = context.GetInput<BaseBackupParameters>()!;
        var spec = await context.StartJobAsync($"base-{context.NewGuid():N}", JobKinds.BaseBackup, parameters);
        var result = await context.WaitForJobAsync(spec, progress => context.SetCustomStatus(progress));
        var backup = result!.Output<BaseBackupResult>();
        if (backup.Status != BackupStatus.Verified || backup.Copies.Any(copy => !copy.Verified))
        {
            await context.StartFinishingAsync(backup.BackupId);
        }

        return backup;
    }
}
