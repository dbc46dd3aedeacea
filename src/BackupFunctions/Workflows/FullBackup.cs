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
            await context.StartFinishingAsync(backup.BackupId);
        }

        return backup;
    }
}
