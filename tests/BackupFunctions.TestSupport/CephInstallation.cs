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

        await CommandLine.RunAsync(Repository.PathOf("tests/install-ceph.sh"), Folder);
        return Path.Combine(Folder, "forky");
    }

    private static string Folder => TestCache.Folder("ceph");
}
