using BackupFunctions.Storage.Resume;

namespace BackupFunctions.Storage.Local;

/// <summary>
/// Unfinished copies: <c>.uploading/KEY/#SHA256-SIZE</c>. No key has a '#', so none is in the way of another. Files directly in
/// <c>.uploading</c> are those of backups, which nobody goes on with.
/// </summary>
internal static class LocalUnfinished
{
    private const char Mark = '#';
    private const int AttemptsAgainstRemovedFolders = 5;

    /// <summary>EWOULDBLOCK of flock(2) on Linux.</summary>
    private const int HeldByAnother = 11;
    private const int WindowsHeldByAnother = unchecked((int)0x80070020);

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    public static string FileOf(LocalRoot root, string key, ExpectedObject expected) =>
        FileOf(root, key, $"{Mark}{expected.Sha256}-{expected.Size}");

    public static string FileOf(LocalRoot root, string key, string id) => Path.Combine(root.Uploading, LocalRoot.RelativeOf(key), id);

    /// <summary>Of a file that this class has named, and nothing beyond its folder.</summary>
    public static bool IsName(string id) => id.StartsWith(Mark) && !id.AsSpan().ContainsAny('/', '\\');

    /// <summary>Null while somebody else has it open: FileShare.None is an exclusive flock(2), released by the kernel whatever ends the process.</summary>
    public static FileStream? TryOpen(string file)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        for (var attempt = 1; ; attempt++)
        {
            LocalRoot.CreateFoldersAbove(file);
            try
            {
                var stream = new FileStream(file, options);
                if (File.Exists(file))
                {
                    return stream;
                }

                // Finished by the other copy between opening and locking: it is the object now.
                stream.Dispose();
                return null;
            }
            catch (DirectoryNotFoundException) when (attempt < AttemptsAgainstRemovedFolders)
            {
                // The copy that ended removed the folder that it had emptied.
            }
            catch (IOException e) when (e.HResult is HeldByAnother or WindowsHeldByAnother)
            {
                return null;
            }
        }
    }

    public static IEnumerable<UnfinishedUpload> List(LocalRoot root, string prefix)
    {
        var folder = new DirectoryInfo(root.Uploading);
        return !folder.Exists ? [] : folder.EnumerateFiles($"{Mark}*", Everything)
            .Select(file => new UnfinishedUpload(KeyOf(root, file), file.Name, new DateTimeOffset(file.LastWriteTimeUtc)))
            .Where(upload => upload.Key.StartsWith(prefix, StringComparison.Ordinal) && ObjectKey.IsValid(upload.Key));
    }

    public static void Delete(LocalRoot root, string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone with its folder.
        }

        RemoveEmptyFolders(root, file);
    }

    /// <summary>Above a file that is gone.</summary>
    public static void RemoveEmptyFolders(LocalRoot root, string file)
    {
        try
        {
            for (var folder = Path.GetDirectoryName(file)!; folder.Length > root.Uploading.Length; folder = Path.GetDirectoryName(folder)!)
            {
                Directory.Delete(folder);
            }
        }
        catch (IOException)
        {
            // Another copy has a file there, or removed the folder first.
        }
    }

    private static string KeyOf(LocalRoot root, FileInfo file) =>
        Path.GetRelativePath(root.Uploading, file.DirectoryName!).Replace(Path.DirectorySeparatorChar, '/');
}
