namespace BackupFunctions.Jobs.Restore;

/// <summary>Held while a job uses a restore's work folder; gone with its process however that ends.</summary>
internal sealed class WorkspaceLock : IDisposable
{
    private readonly FileStream _file;

    private WorkspaceLock(FileStream file) => _file = file;

    /// <summary>Null when another process holds it.</summary>
    /// <exception cref="IOException">The file cannot be created; also as <see cref="UnauthorizedAccessException"/>.</exception>
    public static WorkspaceLock? TryAcquire(string path)
    {
        try
        {
            // FileShare.None is flock(2), released by the kernel.
            return new WorkspaceLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
