namespace BackupFunctions.JobRunners.Slots;

/// <summary>Who goes first when jobs wait for each other; the lower, the earlier.</summary>
public enum JobPriority
{
    /// <summary>Never waits: the steps of a disaster recovery.</summary>
    DisasterRecovery,
    Restore,
    Backup,

    /// <summary>What may wait for everything else: verification, clean-up.</summary>
    Background,
}
