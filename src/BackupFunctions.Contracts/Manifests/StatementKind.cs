namespace BackupFunctions.Contracts.Manifests;

/// <summary>What became known of a backup after its manifest was written.</summary>
public enum StatementKind
{
    /// <summary>The named copies were read back and matched.</summary>
    Verified,

    /// <summary>Really restored, and the data matched.</summary>
    Proven,

    /// <summary>Not to be restored: it failed a check.</summary>
    Quarantined,

    /// <summary>The data of the named copies is gone on purpose.</summary>
    Deleted,

    /// <summary>The data key is wrapped for new recipients.</summary>
    Rewrapped,

    /// <summary>The named copies (all, where none is named) have expired: their data goes when the grace is over, unless this is cancelled.</summary>
    Tombstoned,

    /// <summary>The tombstones of the named copies (all, where none is named) count no more; with a time, nothing of it is tombstoned again before.</summary>
    TombstoneCancelled,

    /// <summary>Data of the named copies is being deleted: they are no copies any more, and only <see cref="Deleted"/> can follow.</summary>
    DeletionStarted,
}
