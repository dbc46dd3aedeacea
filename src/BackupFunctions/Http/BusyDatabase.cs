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
}
