namespace BackupFunctions.Contracts.ManualBackups;

/// <summary>How a manual backup ended.</summary>
public enum ManualBackupOutcome
{
    /// <summary>Every copy that was written was read back and matched; of tenants: all of them.</summary>
    Verified,

    /// <summary>The required copies are written, not all are verified.</summary>
    Completed,

    /// <summary>There is no backup; of tenants: some have none.</summary>
    Failed,

    /// <summary>Somebody took it back before it began.</summary>
    Canceled,
}
