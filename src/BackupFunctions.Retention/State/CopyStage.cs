namespace BackupFunctions.Retention.State;

/// <summary>How far a copy's way out of storage has gone.</summary>
public enum CopyStage
{
    /// <summary>All of it is there; a tombstone may stand beside it.</summary>
    Live,

    /// <summary>Its deletion has begun: parts are gone, it is no copy any more.</summary>
    Deleting,

    /// <summary>Its data is gone; manifest and statements stay.</summary>
    Deleted,
}
