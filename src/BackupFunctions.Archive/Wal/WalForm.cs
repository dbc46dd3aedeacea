namespace BackupFunctions.Archive.Wal;

public enum WalForm
{
    /// <summary>A whole segment.</summary>
    Segment,

    /// <summary>The beginning of a segment that was not full yet.</summary>
    Partial,

    /// <summary>Where a timeline came from.</summary>
    History,

    /// <summary>Where a base backup began and ended (a .backup file): only archive_command hands these over, and no recovery needs them.</summary>
    BackupHistory,
}
