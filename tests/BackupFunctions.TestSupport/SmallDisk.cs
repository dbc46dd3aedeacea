namespace BackupFunctions.TestSupport;

/// <summary>A real file system of so many bytes (tmpfs), for a disk that is really full or read-only.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk()
    {
    }

    public string Path => _folder.Path;

    /// <exception cref="InvalidOperationException">Not root.</exception>
    public static async Task<SmallDisk> MountAsync(int bytes)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException("This test mounts a small disk, which needs root: run the tests as root, for example with sudo.");
        }

        var mounted = new SmallDisk();
        await CommandLine.RunAsync("mount", "-t", "tmpfs", "-o", $"size={bytes}", "pgdr-test", mounted.Path);
        return mounted;
    }

    public Task ResizeAsync(int bytes) => CommandLine.RunAsync("mount", "-o", $"remount,size={bytes}", Path);

    public Task MakeReadOnlyAsync() => CommandLine.RunAsync("mount", "-o", "remount,ro", Path);

    public async ValueTask DisposeAsync()
    {
        await CommandLine.RunAsync("umount", Path);
        _folder.Dispose();
    }
}
