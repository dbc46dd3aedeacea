namespace BackupFunctions.Recovery;

public enum RecoveryActionKind
{
    Restart,
    Reroute,
}
