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
}
