namespace BackupFunctions.Contracts.ManualBackups;

/// <summary>Where a manual backup is.</summary>
public enum ManualBackupState
{
    /// <summary>For its time; it can be canceled.</summary>
    Waiting,

    /// <summary>It has begun, and may wait for its turn among other jobs.</summary>
    Running,

    /// <summary>It is over, and its hook is told.</summary>
    Notifying,
    Ended,
}
