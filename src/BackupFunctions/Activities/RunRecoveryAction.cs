using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Recovery;

namespace BackupFunctions.Activities;

public sealed class RunRecoveryAction(IRecoveryAction action)
{
    [Function(nameof(RunRecoveryAction))]
    public Task<string> Run([ActivityTrigger] RecoveryActionRequest request, CancellationToken cancellationToken) =>
        action.RunAsync(request, cancellationToken);
}
