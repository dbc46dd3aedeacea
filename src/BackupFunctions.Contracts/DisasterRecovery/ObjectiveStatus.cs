namespace BackupFunctions.Contracts.DisasterRecovery;

/// <summary>What was reached against <see cref="RecoveryObjectives"/>.</summary>
public enum ObjectiveStatus
{
    Ok,

    /// <summary>Past the aim.</summary>
    Warning,

    /// <summary>Past what is required.</summary>
    Critical,
}
