namespace BackupFunctions.JobRunners.Runs;

/// <summary>The lock of a run: held by its process, gone with it however it ends.</summary>
public sealed class RunLock : IDisposable
{
    /// <summary>errno EWOULDBLOCK on Linux, ERROR_SHARING_VIOLATION on Windows.</summary>
    private static readonly int HeldByAnother = OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : 11;

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Null when another process holds it.</summary>
    /// <exception cref="IOException">It cannot be known: no folder, a full disk.</exception>
    public static RunLock? TryAcquire(string folder)
    {
        // FileShare.None is an exclusive flock on Unix.
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        return TryOpen(folder, PrivateFiles.OwnerOnly(options)) is { } file ? new RunLock(file) : null;
    }

    public static bool IsHeld(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "lock")))
        {
            return false;
        }

        // A shared flock for a moment: questions do not disturb each other, and TryAcquire of a job that starts just then is repeated.
        try
        {
            using var probe = TryOpen(folder, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read });
            return probe is null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Removed since.
            return false;
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileStream? TryOpen(string folder, FileStreamOptions options)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "lock"), options);
        }
        catch (IOException e) when (e.HResult == HeldByAnother)
        {
            return null;
        }
    }
}
