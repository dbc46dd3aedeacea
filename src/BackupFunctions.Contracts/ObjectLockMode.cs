namespace BackupFunctions.Contracts;

/// <summary>How strictly a target keeps an object from being deleted until its lock ends.</summary>
public enum ObjectLockMode
{
    /// <summary>Who has a right of its own can still shorten or remove the lock (S3: s3:BypassGovernanceRetention; Azure: an unlocked policy).</summary>
    Governance,

    /// <summary>Nobody can before it ends, the owner of the account included.</summary>
    Compliance,
}
