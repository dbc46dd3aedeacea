using System.Globalization;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Merges;
using BackupFunctions.JobRunners;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Merges;

/// <summary>Removes what merges left that were terminated, or could not remove it themselves. Tried once an hour until it works.</summary>
public sealed class MergeSweep(MergeRegister register, IJobRunner runner, TimeProvider time, ILogger<MergeSweep> logger)
{
    /// <param name="client">Knows which workflows have ended.</param>
    /// <param name="jobs">That run, those included that were just asked to stop: they use what is to be removed, and another turn finds them ended.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(DurableTaskClient client, IReadOnlyList<JobSpec> jobs, CancellationToken cancellationToken)
    {
        foreach (var merge in register.List(OnDamaged))
        {
            var isRunning = await client.GetInstanceAsync(merge.InstanceId, cancellationToken) is { IsCompleted: false };
            if (!isRunning && !jobs.Any(job => job.RunId.StartsWith(MergeRuns.Prefix(merge.RestoreId), StringComparison.Ordinal)))
            {
                await RemoveAsync(merge, cancellationToken);
            }
        }
    }

    private void OnDamaged(string path) => logger.LogError(
        "{Path} is damaged: what that merge has left, decrypted data, is not removed. Drop the database 'pgdr_' and the file's name, then delete the file.", path);

    private async Task RemoveAsync(MergeEntry merge, CancellationToken cancellationToken)
    {
        var runId = string.Create(CultureInfo.InvariantCulture, $"{MergeRuns.Prefix(merge.RestoreId)}sweep-{time.GetUtcNow():yyyyMMddHH}");
        var status = await runner.GetStatusAsync(runId, cancellationToken);
        if (status.Result is { State: JobState.Succeeded })
        {
            register.Remove(merge.RestoreId);
            logger.LogWarning("What merge {RestoreId} into database {Database} had left was removed.", merge.RestoreId, merge.Database);
        }
        else if (status.Result is { } failed)
        {
            logger.LogError(
                "What merge {RestoreId} into database {Database} has left, decrypted data, could not be removed: {Error}", merge.RestoreId, merge.Database, failed.Error);
        }
        else
        {
            await runner.StartAsync(
                new JobSpec
                {
                    RunId = runId,
                    Kind = JobKinds.DiscardRestore,
                    Parameters = JsonSerializer.SerializeToNode(new DiscardRestoreParameters(merge.RestoreId) { TargetServer = merge.Server }, ContractJson.Options)!,
                },
                cancellationToken);
        }
    }
}
