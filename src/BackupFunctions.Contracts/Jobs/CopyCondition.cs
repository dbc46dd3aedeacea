namespace BackupFunctions.Contracts.Jobs;

/// <summary>What a check of one copy of a backup found.</summary>
public enum CopyCondition
{
    /// <summary>Manifest, signature and every object are there; size and SHA-256 of each are those of the signed manifest.</summary>
    Good,

    /// <summary>The target does not answer, or refuses: nothing is known of the copy.</summary>
    Unreachable,

    /// <summary>The target says that objects, or all of it, are not there.</summary>
    Missing,

    /// <summary>Bytes are not those that were signed.</summary>
    Damaged,
}
