using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>One backup of how a server is set up. Copies are finished as by <see cref="FullBackup"/>.</summary>
public static class ConfigurationBackup
{
    [Function(nameof(ConfigurationBackup))]
    public static async Task<ConfigurationBackupResult> Run([OrchestrationTrigger] TaskOrchestrationContext context) =>
        (await TakeAsync(context, context.GetInput<ConfigurationBackupParameters>()!, progress => context.SetCustomStatus(progress))).Output<ConfigurationBackupResult>();

    /// <returns>Of the job, which succeeded.</returns>
    internal static async Task<JobResult> TakeAsync(TaskOrchestrationContext context, ConfigurationBackupParameters parameters, Action<JobProgress> onProgress)
    {
        var spec = await context.StartJobAsync($"configuration-{context.NewGuid():N}", JobKinds.ConfigurationBackup, parameters);
        var result = (await context.WaitForJobAsync(spec, onProgress))!;
        var backup = result.Output<ConfigurationBackupResult>();
        if (backup.Status != BackupStatus.Verified || backup.Copies.Any(copy => !copy.Verified))
        {
            await context.StartFinishingAsync(backup.BackupId);
        }

        return result;
    }
}
