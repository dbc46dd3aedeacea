namespace BackupFunctions.TestSupport;

/// <summary>A mount point with a real mount (of a folder, by bind), which can go away while it is in use, and come back.</summary>
public sealed class MountedFolder : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _mounted;

    private MountedFolder()
    {
        Directory.CreateDirectory(_folder["disk"]);
        Directory.CreateDirectory(Path);
    }

    /// <summary>The mount point; an empty folder while nothing is mounted.</summary>
    public string Path => _folder["mounted"];

    /// <exception cref="InvalidOperationException">Not root.</exception>
    public static async Task<MountedFolder> CreateAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException("This test mounts a folder, which needs root: run the tests as root, for example with sudo.");
        }

        var folder = new MountedFolder();
        await folder.MountAsync();
        return folder;
    }

    public async Task MountAsync()
    {
        await CommandLine.RunAsync("mount", "--bind", _folder["disk"], Path);
        _mounted = true;
    }

    /// <summary>At once, although files are open: what is open stays so, everything else is gone.</summary>
    public async Task UnmountAsync()
    {
        await CommandLine.RunAsync("umount", "--lazy", Path);
        _mounted = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_mounted)
        {
            await UnmountAsync();
        }

        _folder.Dispose();
    }
}
