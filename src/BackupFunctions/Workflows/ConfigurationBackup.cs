using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>One backup of how a server is set up. Copies are finished as by <see cref="FullBackup"/>.</summary>
public static class ConfigurationBackup
{
    [Function(nameof(ConfigurationBackup))]
    public static async Task<ConfigurationBackupResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var parameters = context.GetInput<ConfigurationBackupParameters>()!;
        var spec = await context.StartJobAsync($"configuration-{context.NewGuid():N}", JobKinds.ConfigurationBackup, parameters);
        var result = await context.WaitForJobAsync(spec, progress => context.SetCustomStatus(progress));
        var backup = result!.Output<ConfigurationBackupResult>();
        if (backup.Status != BackupStatus.Verified || backup.Copies.Any(copy => !copy.Verified))
        {
            await context.StartFinishingAsync(backup.BackupId);
        }

        return backup;
    }
}
