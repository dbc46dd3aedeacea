using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>
/// Backups of tenants of one database. A job that ends before all are backed up, or fails for some of them, is followed by another one of the
/// same run, which leaves out those that are done. Copies are finished once, when the run has ended, by <see cref="FinishTenantCopies"/>.
/// </summary>
public static class TenantBackups
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)];

    /// <summary>What only a person changes.</summary>
    private static readonly string[] Lasting =
        [ErrorCodes.InvalidSettings, ErrorCodes.TenantTables, ErrorCodes.TenantUnknown, ErrorCodes.PermissionMissing, ErrorCodes.KeyMissing, ErrorCodes.DatabaseUnknown];

    [Function(nameof(TenantBackups))]
    public static async Task<TenantBackupResult> Run([OrchestrationTrigger] TaskOrchestrationContext context) =>
        (await TakeAsync(context, context.GetInput<TenantBackupParameters>()!, progress => context.SetCustomStatus(progress))).Output<TenantBackupResult>();

    /// <returns>Of the last job, which succeeded.</returns>
    internal static async Task<JobResult> TakeAsync(TaskOrchestrationContext context, TenantBackupParameters parameters, Action<JobProgress> onProgress)
    {
        var ofRun = parameters with { Run = context.InstanceId };
        for (var attempt = 0; ; attempt++)
        {
            var spec = await context.StartJobAsync($"tenants-{context.NewGuid():N}", JobKinds.TenantBackup, ofRun);
            var result = (await context.WaitForJobAsync(spec, onProgress))!;
            var isLasting = Lasting.Contains(result.ErrorCode, StringComparer.Ordinal);
            if (result.State != JobState.Failed || attempt == Pauses.Length || isLasting)
            {
                // A run that failed for some tells nothing of the others; who is done is kept where the job of that finds it.
                if ((result.State == JobState.Failed && !isLasting) || (result.State == JobState.Succeeded && result.Output<TenantBackupResult>().Unfinished > 0))
                {
                    await context.StartFinishingAsync(new TenantRunId(parameters.Database, context.InstanceId));
                }

                result.Output<TenantBackupResult>();
                return result;
            }

            await context.CreateTimer(Pauses[attempt], CancellationToken.None);
        }
    }
}
