namespace BackupFunctions.Contracts.Manifests;

/// <summary>What an object of archived write-ahead log holds.</summary>
public enum WalObjectForm
{
    /// <summary>A whole segment.</summary>
    Segment,

    /// <summary>The beginning of a segment that was not full yet.</summary>
    Partial,

    /// <summary>Where a timeline came from.</summary>
    History,
}
