using BackupFunctions.Contracts;

namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>Locks between processes that end with the process (flock, by way of FileShare).</summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static FileStream Share(string path)
    {
        using (File.Open(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite))
        {
        }

        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }

    /// <returns>Null while others hold it.</returns>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException cause) when (cause is not (DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <exception cref="PgdrException">Others held it for the whole time.</exception>
    public static async Task<FileStream> TakeAsync(string path, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var started = time.GetTimestamp(); time.GetElapsedTime(started) < limit;)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        throw new PgdrException(ErrorCodes.ToolFailed, $"Another host has been holding {path} for {limit}: end it and start again.");
    }
}
