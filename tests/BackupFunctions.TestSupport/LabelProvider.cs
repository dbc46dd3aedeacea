namespace BackupFunctions.TestSupport;

/// <summary>A provider of security labels called pgdr_test, compiled on first use; no package has one that runs without SELinux.</summary>
public static class LabelProvider
{
    public const string Name = "pgdr_test";

    private static readonly Lazy<Task<string>> Library = new(CompileAsync);

    /// <summary>The path of the library, for a server of version 15.</summary>
    /// <exception cref="InvalidOperationException">It cannot be compiled; the message says what is missing.</exception>
    public static Task<string> EnsureAsync() => Library.Value;

    private static async Task<string> CompileAsync()
    {
        var said = await CommandLine.RunAsync(Repository.PathOf("tests/install-label-provider.sh"), "15", TestCache.Folder("labels"));
        return said.TrimEnd().Split(": ")[^1];
    }
}
