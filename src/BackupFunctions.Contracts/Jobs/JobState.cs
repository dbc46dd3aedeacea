namespace BackupFunctions.Contracts.Jobs;

public enum JobState
{
    /// <summary>No such run is known.</summary>
    Unknown,
    Running,
    Succeeded,
    Failed,
    Canceled,

    /// <summary>It was started, left no result and is not running any more.</summary>
    Lost,
}
