namespace BackupFunctions.Contracts.DisasterRecovery;

public enum StepStatus
{
    Pending,
    Running,

    /// <summary>Needs a person: the detail says why and which event to send.</summary>
    Waiting,
    Completed,
    Failed,
    Skipped,
}
