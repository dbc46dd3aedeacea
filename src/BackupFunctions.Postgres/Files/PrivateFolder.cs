using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.Files;

/// <summary>
/// A folder with mode 0700 and a random name. A locked file beside it tells that its process lives, so that what a killed process
/// left behind is found and removed.
/// </summary>
public sealed class PrivateFolder : IDisposable
{
    private const string LockSuffix = ".lock";

    /// <summary>ENOSPC, which is how .NET passes it on.</summary>
    private const int NoSpaceLeft = 28;

    /// <summary>EWOULDBLOCK of flock.</summary>
    private const int IsLocked = 11;

    private const int Attempts = 20;

    private readonly FileStream _lock;

    private PrivateFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public static PrivateFolder Create(string parent, string prefix)
    {
        try
        {
            Directory.CreateDirectory(parent);
            var (path, held) = LockNew(parent, prefix);
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new PrivateFolder(path, held);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PgdrException(
                exception.HResult == NoSpaceLeft ? ErrorCodes.DiskFull : ErrorCodes.InvalidSettings,
                $"A work folder cannot be made in {parent} ({exception.Message.TrimEnd('.')}); free some space, or configure a folder that this account may write to.",
                exception);
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

    /// <summary>Locked before the folder is there: a sweep never sees a living folder without its lock. What a sweep takes first gets another name.</summary>
    private static (string Path, FileStream Held) LockNew(string parent, string prefix)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var path = System.IO.Path.Combine(parent, prefix + System.IO.Path.GetRandomFileName());
            if (Lock(path + LockSuffix) is { } held)
            {
                return (path, held);
            }
        }

        throw new IOException("somebody removes new files there, again and again");
    }

    /// <returns>Null: somebody else holds it, or has removed it between its creation and its locking.</returns>
    private static FileStream? Lock(string path)
    {
        FileStream held;
        try
        {
            // FileShare.None is flock(2): released by the kernel whatever ends the process.
            held = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException exception) when (exception.HResult == IsLocked)
        {
            return null;
        }

        if (File.Exists(path))
        {
            return held;
        }

        held.Dispose();
        return null;
    }

    /// <summary>Null when another process holds it, or it belongs to another account.</summary>
    private static FileStream? TryLock(string path)
    {
        try
        {
            return Lock(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
