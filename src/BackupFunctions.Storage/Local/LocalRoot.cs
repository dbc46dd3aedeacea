using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.Local;

/// <summary>The folder that holds a local target, and whether it can be trusted to be the right one.</summary>
internal sealed class LocalRoot(string target, string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private volatile bool _wasWritable;

    public string Path { get; } = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    /// <summary>Unfinished uploads, in the same file system as the objects.</summary>
    public string Uploading => System.IO.Path.Combine(Path, ObjectKey.Reserved);

    public string FileOf(string key) => System.IO.Path.Combine(Path, RelativeOf(key));

    /// <summary>
    /// An empty folder is what a mount point looks like while its disk is away, so "there is nothing" is believed only of a folder that
    /// holds something; writing leaves <see cref="Uploading"/> behind.
    /// </summary>
    /// <exception cref="StorageException">The folder is missing or was never written to (target.unreachable).</exception>
    public void EnsureReadable()
    {
        if (!Directory.Exists(Path))
        {
            throw new StorageException(
                ErrorCodes.TargetUnreachable, target,
                $"Target {target} is unreachable: its folder {Path} does not exist; mount the disk or correct the setting.");
        }

        if (!Directory.EnumerateFileSystemEntries(Path).Any())
        {
            throw new StorageException(
                ErrorCodes.TargetUnreachable, target,
                $"Target {target} is unreachable: its folder {Path} is empty; mount the disk (nothing was ever written here).");
        }
    }

    /// <summary>Creates the folder when its parent exists, and not in place of one that went away while this process used it.</summary>
    public void EnsureWritable()
    {
        if (Directory.Exists(Uploading))
        {
            _wasWritable = true;
            return;
        }

        if (_wasWritable)
        {
            throw new StorageException(
                ErrorCodes.TargetUnreachable, target,
                $"Target {target} is unreachable: its folder {Path} was there a moment ago and is gone; mount the disk again.");
        }

        if (!Directory.Exists(Path) && !Directory.Exists(System.IO.Path.GetDirectoryName(Path)))
        {
            throw new StorageException(
                ErrorCodes.TargetUnreachable, target,
                $"Target {target} is unreachable: neither its folder {Path} nor the folder above exists; mount the disk or correct the setting.");
        }

        CreateFolder(Path);
        CreateFolder(Uploading);
        _wasWritable = true;
    }

    /// <summary>Creates the folders above an object's file, each made durable in the one above it; never the target's own folder.</summary>
    /// <exception cref="DirectoryNotFoundException">That one is gone: its disk is no longer mounted.</exception>
    public static void CreateFoldersAbove(string file)
    {
        var missing = new Stack<string>();
        var folder = System.IO.Path.GetDirectoryName(file)!;
        for (; !Directory.Exists(folder); folder = System.IO.Path.GetDirectoryName(folder)!)
        {
            missing.Push(folder);
        }

        if (missing.Count > 0 && !IsInATarget(folder))
        {
            throw new DirectoryNotFoundException("its folder is gone");
        }

        while (missing.TryPop(out var next))
        {
            CreateFolder(next);
        }
    }

    /// <summary>Writing has left <see cref="Uploading"/> in the target's own folder.</summary>
    private static bool IsInATarget(string? folder) =>
        folder is not null && (Directory.Exists(System.IO.Path.Combine(folder, ObjectKey.Reserved)) || IsInATarget(System.IO.Path.GetDirectoryName(folder)));

    public static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            PosixCalls.FlushFolder(folder);
        }
    }

    /// <summary>A key as a path.</summary>
    public static string RelativeOf(string key) => key.Replace('/', System.IO.Path.DirectorySeparatorChar);

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, OwnerOnly);
        FlushFolder(System.IO.Path.GetDirectoryName(folder)!);
    }
}
