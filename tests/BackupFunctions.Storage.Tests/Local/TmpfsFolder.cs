using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.Local;

/// <summary>A real file system of so many bytes, for a disk that is really full or read-only.</summary>
internal sealed class TmpfsFolder : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private TmpfsFolder()
    {
    }

    public string Path => _folder.Path;

    /// <exception cref="InvalidOperationException">Not root.</exception>
    public static async Task<TmpfsFolder> MountAsync(int bytes)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException("This test mounts a small disk, which needs root: run the tests as root, for example with sudo.");
        }

        var mounted = new TmpfsFolder();
        await CommandLine.RunAsync("mount", "-t", "tmpfs", "-o", $"size={bytes}", "pgdr-test", mounted.Path);
        return mounted;
    }

    public Task MakeReadOnlyAsync() => CommandLine.RunAsync("mount", "-o", "remount,ro", Path);

    public async ValueTask DisposeAsync()
    {
        await CommandLine.RunAsync("umount", Path);
        _folder.Dispose();
    }
}
