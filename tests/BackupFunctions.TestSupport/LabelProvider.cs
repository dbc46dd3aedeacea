using System.Collections.Concurrent;

namespace BackupFunctions.TestSupport;

/// <summary>A provider of security labels called pgdr_test, compiled on first use; no package has one that runs without SELinux.</summary>
public static class LabelProvider
{
    public const string Name = "pgdr_test";

    private static readonly ConcurrentDictionary<int, Lazy<Task<string>>> Known = new();

    /// <summary>The path of the library, for a server of that major version.</summary>
    /// <exception cref="InvalidOperationException">It cannot be compiled; the message says what is missing.</exception>
    public static Task<string> EnsureAsync(int major) =>
        Known.GetOrAdd(major, static wanted => new Lazy<Task<string>>(() => CompileAsync(wanted))).Value;

    private static async Task<string> CompileAsync(int major)
    {
        var said = await CommandLine.RunAsync(Repository.PathOf("tests/install-label-provider.sh"), $"{major}", TestCache.Folder("labels"));
        return said.TrimEnd().Split(": ")[^1];
    }
}
