namespace BackupFunctions.Retention.State;

/// <summary>What is known of one copy's bytes.</summary>
public enum CopyHealth
{
    /// <summary>Read back, and matched.</summary>
    Verified,

    /// <summary>Written; nobody has read it back.</summary>
    Unverified,

    /// <summary>Quarantined or incomplete: nothing is restored from it.</summary>
    Damaged,

    /// <summary>It could not be looked at: it counts as no copy, and it is not touched.</summary>
    Unknown,
}
