namespace BackupFunctions.JobRunners.Slots;

/// <summary>Who goes first when jobs wait for each other; the lower, the earlier.</summary>
public enum JobPriority
{
    /// <summary>Never waits: the steps of a disaster recovery.</summary>
    DisasterRecovery,

    /// <summary>Never waits either: what is not received is at risk.</summary>
    WriteAheadLog,
    Restore,
    Backup,

    /// <summary>What may wait for everything else: verification, clean-up.</summary>
    Background,
}
