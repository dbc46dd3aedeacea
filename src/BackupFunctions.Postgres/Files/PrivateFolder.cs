namespace BackupFunctions.Postgres.Files;

/// <summary>
/// A folder with mode 0700 and a random name. A locked file beside it tells that its process lives, so that what a killed process
/// left behind is found and removed.
/// </summary>
internal sealed class PrivateFolder : IDisposable
{
    private const string LockSuffix = ".lock";

    private readonly FileStream _lock;

    private PrivateFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public static PrivateFolder Create(string parent, string prefix)
    {
        Directory.CreateDirectory(parent);
        while (true)
        {
            var path = System.IO.Path.Combine(parent, prefix + System.IO.Path.GetRandomFileName());
            // Locked before the folder is there: a sweep never sees a living folder without its lock.
            var held = TryLock(path + LockSuffix);
            if (held is null)
            {
                continue;
            }

            if (File.Exists(path + LockSuffix))
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                return new PrivateFolder(path, held);
            }

            // A sweep took the file between its creation and its locking.
            held.Dispose();
        }
    }

    /// <summary>Removes folders whose process has ended, after <paramref name="beforeRemoval"/>.</summary>
    public static void SweepStale(string parent, string prefix, Action<string>? beforeRemoval = null)
    {
        if (!Directory.Exists(parent))
        {
            return;
        }

        foreach (var lockPath in Directory.EnumerateFiles(parent, prefix + "*" + LockSuffix))
        {
            using var held = TryLock(lockPath);
            if (held is not null)
            {
                var path = lockPath[..^LockSuffix.Length];
                beforeRemoval?.Invoke(path);
                Remove(path);
            }
        }
    }

    public void Dispose()
    {
        Remove(Path);
        _lock.Dispose();
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        File.Delete(path + LockSuffix);
    }

    /// <summary>Null when another process holds it, or it belongs to another account.</summary>
    private static FileStream? TryLock(string path)
    {
        try
        {
            // FileShare.None is flock(2): released by the kernel whatever ends the process.
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
