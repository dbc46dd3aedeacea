namespace BackupFunctions.JobRunners.Runs;

/// <summary>The lock of a run: held by its process, gone with it however it ends.</summary>
public sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Null when another process holds it.</summary>
    public static RunLock? TryAcquire(string folder)
    {
        try
        {
            // FileShare.None is an exclusive flock on Unix.
            return new RunLock(new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return null;
        }
    }

    public static bool IsHeld(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "lock")))
        {
            return false;
        }

        // Asking takes the lock for a moment; TryAcquire of a job that starts just then retries.
        using var probe = TryAcquire(folder);
        return probe is null;
    }

    public void Dispose() => _file.Dispose();
}
