using BackupFunctions.Contracts;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>A recovery and a merge of one database never run at once, nor two of a kind.</summary>
internal static class BusyDatabase
{
    /// <returns>409 with the instance that runs; null: none does.</returns>
    public static async Task<IActionResult?> RefusalAsync(DurableTaskClient client, string database, CancellationToken cancellationToken)
    {
        var recovery = DisasterRecoveryInstances.IdOf(database);
        if (await client.IsRunningAsync(recovery, cancellationToken))
        {
            return Problems.Conflict("disaster-recovery/running", $"A recovery of '{database}' is running already as {recovery}: follow or end that one.", recovery);
        }

        var merge = MergeInstances.IdOf(database);
        return await client.IsRunningAsync(merge, cancellationToken)
            ? Problems.Conflict("merge/running", $"A merge into '{database}' is running already as {merge}: follow or end that one.", merge)
            : null;
    }

    /// <summary>Starts the one instance that the database may have.</summary>
    /// <param name="client">Of the host.</param>
    /// <param name="database">Of the settings.</param>
    /// <param name="workflow">Its name.</param>
    /// <param name="instanceId">Made from the database's name.</param>
    /// <param name="input">Made when nothing else runs: it holds a ticket.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>202; 409 with the instance that runs; 503 when no ticket can be written.</returns>
    public static async Task<IActionResult> StartAsync(
        DurableTaskClient client, string database, string workflow, string instanceId, Func<object> input, CancellationToken cancellationToken)
    {
        if (await RefusalAsync(client, database, cancellationToken) is { } busy)
        {
            return busy;
        }

        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(workflow, input(), new StartOrchestrationOptions(instanceId), cancellationToken);
        }
        catch (PgdrException e)
        {
            return Problems.Unavailable(e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Two starts at once: the engine lets one in.
            if (await RefusalAsync(client, database, cancellationToken) is { } second)
            {
                return second;
            }

            throw;
        }

        return client.Accepted(instanceId);
    }
}
