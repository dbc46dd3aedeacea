namespace BackupFunctions.Settings;

/// <summary>How a server's write-ahead log is archived.</summary>
public enum WalMode
{
    /// <summary>Not at all.</summary>
    Off,

    /// <summary>By a run every few minutes, which ends when what was written by then is safe.</summary>
    Timer,

    /// <summary>By a receiver that never ends.</summary>
    Continuous,
}
