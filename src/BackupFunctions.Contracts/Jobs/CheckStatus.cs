namespace BackupFunctions.Contracts.Jobs;

public enum CheckStatus
{
    Ok,

    /// <summary>Backups and restores work; something should be looked at.</summary>
    Warn,

    /// <summary>Backups or restores will fail here.</summary>
    Fail,
}
