using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Workflows;

/// <summary>One incremental backup of one server, or none where the server can have none. Copies are finished as by <see cref="BaseBackup"/>.</summary>
public static class IncrementalBackup
{
    [Function(nameof(IncrementalBackup))]
    public static async Task<IncrementalBackupResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var taken = (await TakeAsync(context, context.GetInput<IncrementalBackupParameters>()!, progress => context.SetCustomStatus(progress))).Output<IncrementalBackupResult>();
        if (taken.NotTaken is { } why)
        {
            context.CreateReplaySafeLogger(nameof(IncrementalBackup)).LogInformation("No incremental backup: {Cause}", why);
        }

        return taken;
    }

    /// <returns>Of the job, which succeeded; there may be no backup.</returns>
    internal static async Task<JobResult> TakeAsync(TaskOrchestrationContext context, IncrementalBackupParameters parameters, Action<JobProgress> onProgress)
    {
        var spec = await context.StartJobAsync($"incremental-{context.NewGuid():N}", JobKinds.IncrementalBackup, parameters);
        var result = (await context.WaitForJobAsync(spec, onProgress))!;
        var taken = result.Output<IncrementalBackupResult>();
        if (taken is { NotTaken: null, Backup: { } backup } && (backup.Status != BackupStatus.Verified || backup.Copies.Any(copy => !copy.Verified)))
        {
            await context.StartFinishingAsync(backup.BackupId);
        }

        return result;
    }
}
