using BackupFunctions.Contracts.DisasterRecovery;
namespace BackupFunctions.Recovery;

/// <summary>Restarts the application or reroutes its traffic, as configured.</summary>
public interface IRecoveryAction
{
    /// <summary>Returns one line for the report; throws when the action failed.</summary>
    Task<string> RunAsync(RecoveryActionRequest request, CancellationToken cancellationToken);
}
