namespace BackupFunctions.Contracts.Backups;

/// <summary>How far a backup has been shown to be good.</summary>
public enum BackupStatus
{
    Pending,
    InProgress,

    /// <summary>The required number of copies is written.</summary>
    Completed,

    /// <summary>Every copy was read back and matched its SHA-256.</summary>
    Verified,

    /// <summary>Really restored, and rows, digests and sequences matched.</summary>
    Proven,
    Failed,
}
