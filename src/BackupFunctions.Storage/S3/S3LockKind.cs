namespace BackupFunctions.Storage.S3;

/// <summary>How a store keeps objects from being deleted.</summary>
public enum S3LockKind
{
    /// <summary>It has no such means, or it is not known.</summary>
    None,

    /// <summary>S3 Object Lock: retention per object, on a bucket made for it.</summary>
    ObjectLock,

    /// <summary>R2: rules of the bucket, set outside of the S3 interface.</summary>
    BucketRules,
}
