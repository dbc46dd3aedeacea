using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.Local;

/// <summary>The folder that holds a local target, and whether it can be trusted to be the right one.</summary>
internal sealed class LocalRoot(string target, string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

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

    /// <summary>Creates the folder when its parent exists.</summary>
    public void EnsureWritable()
    {
        if (Directory.Exists(Uploading))
        {
            return;
        }

        if (!Directory.Exists(Path) && !Directory.Exists(System.IO.Path.GetDirectoryName(Path)))
        {
            throw new StorageException(
                ErrorCodes.TargetUnreachable, target,
                $"Target {target} is unreachable: neither its folder {Path} nor the folder above exists; mount the disk or correct the setting.");
        }

        CreateFolder(Path);
        CreateFolder(Uploading);
    }

    /// <summary>Creates the folders above an object's file, each made durable in the one above it.</summary>
    public static void CreateFoldersAbove(string file)
    {
        var missing = new Stack<string>();
        for (var folder = System.IO.Path.GetDirectoryName(file)!; !Directory.Exists(folder); folder = System.IO.Path.GetDirectoryName(folder)!)
        {
            missing.Push(folder);
        }

        while (missing.TryPop(out var folder))
        {
            CreateFolder(folder);
        }
    }

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
