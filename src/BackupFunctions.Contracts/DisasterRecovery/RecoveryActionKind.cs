namespace BackupFunctions.Contracts.DisasterRecovery;

public enum RecoveryActionKind
{
    Restart,
    Reroute,
}
