namespace BackupFunctions.TestSupport;

/// <summary>Where the scripts of tests/ keep what they installed between runs.</summary>
internal static class TestCache
{
    /// <summary>A folder of ours below the user's cache.</summary>
    public static string Folder(string name) => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "backupfunctions",
        name);
}
