using BackupFunctions.Contracts.Merges;
using BackupFunctions.Http;
using BackupFunctions.Merges;
using BackupFunctions.Settings;

namespace BackupFunctions.Activities;

/// <summary>
/// Lets a merge begin only when its start was checked, and while nothing recovers the same database: both are looked for once this instance
/// exists, so of two that start at once each sees the other.
/// </summary>
public sealed class AdmitMerge(BackupSettings settings, MergeTickets tickets, MergeRegister register)
{
    /// <returns>Why it must not begin; null when it may.</returns>
    [Function(nameof(AdmitMerge))]
    public async Task<string?> Run([ActivityTrigger] MergeAdmission admission, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var request = admission.Request;
        if (settings.Databases.FirstOrDefault(database => database.Name == request.Database) is not { } known)
        {
            return $"'{request.Database}' is not one of the configured databases.";
        }

        if (admission.InstanceId != MergeInstances.IdOf(request.Database))
        {
            return $"A merge into '{request.Database}' runs under its own instance id only: start it by POST /api/merges.";
        }

        if (await client.IsRunningAsync(DisasterRecoveryInstances.IdOf(request.Database), cancellationToken))
        {
            return $"A recovery of '{request.Database}' is running as {DisasterRecoveryInstances.IdOf(request.Database)}: merge when it has ended.";
        }

        if (!tickets.Redeem(request.Confirmation, request.Database, admission.RestoreId))
        {
            return $"This merge into '{request.Database}' was not started by POST /api/merges, or its start was used before: start it there.";
        }

        register.Add(new MergeEntry(admission.RestoreId, admission.InstanceId, request.Database, known.Server));
        return null;
    }
}
