namespace BackupFunctions.EmbeddedHost.Durable;

/// <summary>Which instances a host with a default version runs; host.json names it extensions.durableTask.versionMatchStrategy.</summary>
internal enum VersionMatchStrategy
{
    /// <summary>All.</summary>
    None,

    /// <summary>Those of its own version.</summary>
    Strict,

    /// <summary>Those of its own version and of older ones.</summary>
    CurrentOrOlder,
}
