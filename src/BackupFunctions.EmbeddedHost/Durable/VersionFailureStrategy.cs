namespace BackupFunctions.EmbeddedHost.Durable;

/// <summary>
/// What becomes of an instance whose version does not match; host.json names it extensions.durableTask.versionFailureStrategy.
/// </summary>
internal enum VersionFailureStrategy
{
    /// <summary>It waits for a host that it matches.</summary>
    Reject,

    /// <summary>It fails with the error type VersionMismatch.</summary>
    Fail,
}
