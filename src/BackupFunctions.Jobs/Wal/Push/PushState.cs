using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Files;

namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>
/// A folder of one server that remembers which files are durable, so that the calls for them end at once. It is written after the targets
/// were; when it is lost, files are archived again.
/// </summary>
internal sealed class PushState : IDisposable
{
    /// <summary>errno EWOULDBLOCK on Linux.</summary>
    private const int HeldByAnother = 11;

    /// <summary>PostgreSQL asks again for a file that it has seen archived only after a crash.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _lock;
    private readonly string _marks;

    private PushState(string folder, FileStream held) => (Folder, _lock, _marks) = (folder, held, MarksOf(folder));

    public string Folder { get; }

    /// <summary>Waits for another call that works with the folder.</summary>
    /// <exception cref="PgdrException">settings.invalid or disk.full: it cannot be used; replication.refused: the other call does not end.</exception>
    public static async Task<PushState> OpenAsync(string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        JobFolders.Prepare(folder, "--state");
        try
        {
            Directory.CreateDirectory(MarksOf(folder), JobFolders.OwnerOnly);
            return new PushState(folder, await LockAsync(Path.Combine(folder, "lock"), time, cancellationToken));
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            throw JobFolders.Explain(folder, "--state", e);
        }
    }

    public string MarkOf(string file) => Path.Combine(_marks, file);

    /// <summary>What is known of a file by its name; another server's mark counts for nothing.</summary>
    public DurableMark? Find(string file, string systemIdentifier)
    {
        try
        {
            return DurableMark.Parse(File.ReadAllText(MarkOf(file))) is { } mark
                && string.Equals(mark.SystemIdentifier, systemIdentifier, StringComparison.Ordinal) ? mark : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whole or not at all; a name that a crash takes away again costs a second archiving, no more.</summary>
    public void Remember(string file, DurableMark mark)
    {
        var path = MarkOf(file);
        var beside = path + ".tmp";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            stream.Write(Encoding.ASCII.GetBytes(mark.ToString()));
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Marks of files that PostgreSQL has removed long ago.</summary>
    public void Forget(TimeProvider time)
    {
        var oldest = (time.GetUtcNow() - Remembered).UtcDateTime;
        foreach (var mark in new DirectoryInfo(_marks).EnumerateFiles().Where(mark => mark.LastWriteTimeUtc < oldest))
        {
            mark.Delete();
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string MarksOf(string folder) => Path.Combine(folder, "durable");

    private static async Task<FileStream> LockAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                // FileShare.None is flock(2): released by the kernel whatever ends the process.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.HResult == HeldByAnother)
            {
                if (time.GetElapsedTime(begun) > LockPatience)
                {
                    throw new PgdrException(
                        ErrorCodes.ReplicationRefused, $"Another 'pgdr wal push' has worked with {path} for more than {LockPatience.TotalSeconds:0} s: PostgreSQL asks again; give each server a folder of its own.");
                }
            }

            await Task.Delay(LockInterval, time, cancellationToken);
        }
    }
}
