namespace BackupFunctions.TestSupport;

/// <summary>The Ceph that tests/install-ceph.sh unpacked; installed on first use.</summary>
public static class CephInstallation
{
    /// <summary>Folder of the unpacked system.</summary>
    /// <exception cref="InvalidOperationException">Not root, or the installation failed; the message says what to do.</exception>
    public static async Task<string> EnsureAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException(
                "The S3 tests start a real Ceph, which needs root (chroot and namespaces): run the tests as root, for example with sudo.");
        }

        await CommandLine.RunAsync(Script("install-ceph.sh"), Folder);
        return Path.Combine(Folder, "forky");
    }

    internal static string Script(string name) => Path.Combine(Tests(), name);

    private static string Folder => Path.Combine(Cache, "backupfunctions", "ceph");

    private static string Cache =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    private static string Tests()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "install-ceph.sh")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("tests/install-ceph.sh is not above the folder of the test binaries.");
    }
}
