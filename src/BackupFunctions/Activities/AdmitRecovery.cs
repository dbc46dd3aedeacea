using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Http;
using BackupFunctions.Recovery;
using BackupFunctions.Settings;

namespace BackupFunctions.Activities;

/// <summary>
/// Lets a recovery begin only when it was confirmed, whichever way its workflow was started: a workflow overwrites a database, and the
/// management API starts it without the checks of <see cref="StartDisasterRecovery"/>.
/// </summary>
public sealed class AdmitRecovery(BackupSettings settings, RecoveryTickets tickets)
{
    /// <returns>Why it must not begin; null when it may.</returns>
    [Function(nameof(AdmitRecovery))]
    public async Task<string?> Run([ActivityTrigger] RecoveryAdmission admission, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var request = admission.Request;
        if (!settings.Databases.Any(database => database.Name == request.Database))
        {
            return $"'{request.Database}' is not one of the configured databases.";
        }

        if (request.TargetServer is { } server && !settings.Servers.Any(known => known.Name == server))
        {
            return $"'{server}' is not one of the configured servers.";
        }

        if (admission.InstanceId != DisasterRecoveryInstances.IdOf(request.Database))
        {
            return $"A recovery of '{request.Database}' runs under its own instance id only: start it by POST /api/disaster-recovery.";
        }

        // Looked for once this instance exists: of two that start at once each sees the other.
        if (await client.IsRunningAsync(MergeInstances.IdOf(request.Database), cancellationToken))
        {
            return $"A merge into '{request.Database}' is running as {MergeInstances.IdOf(request.Database)}: terminate it, or recover when it has ended.";
        }

        return tickets.Redeem(request.Confirmation, request.Database, admission.RestoreId)
            ? null
            : $"This recovery of '{request.Database}' was not confirmed, or its confirmation was used before: start it by POST /api/disaster-recovery with 'confirm'.";
    }
}
