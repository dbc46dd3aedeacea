using System.Collections.Concurrent;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Restore.Physical.Delta;

/// <summary>What a data directory that exists has in common with a base backup: files of the same size and checksum stay as they are.</summary>
internal sealed class DirectoryDelta
{
    private const int Parallelism = 4;

    private readonly DataDirectory _directory;
    private readonly BaseContents _contents;
    private readonly HashSet<string> _unchanged;

    private DirectoryDelta(DataDirectory directory, BaseContents contents, HashSet<string> unchanged, long growth) =>
        (_directory, _contents, _unchanged, GrowthBytes) = (directory, contents, unchanged, growth);

    /// <summary>Paths below the data directory.</summary>
    public IReadOnlyCollection<string> Unchanged => _unchanged;

    /// <summary>By how much the files that are written are larger than those in their places now.</summary>
    public long GrowthBytes { get; }

    /// <param name="directory">Its files are read, nothing is changed.</param>
    /// <param name="contents">Of the backup.</param>
    /// <param name="manifest">The server's backup_manifest.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<DirectoryDelta> CompareAsync(DataDirectory directory, BaseContents contents, Stream manifest, CancellationToken cancellationToken)
    {
        var unchanged = new ConcurrentBag<string>();
        long growth = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ServerFileList.ReadAsync(manifest, cancellationToken), options, async (file, token) =>
        {
            var path = directory.FileOf(file.Path);

            var info = new FileInfo(path);

            // pg_control comes last, whatever it is like now: until then no server starts from the directory.
            if (file.Path is not BasePaths.ControlFile && file.Crc32C is not null && info is { Exists: true, LinkTarget: null } && info.Length == file.Size
                && string.Equals(await FileChecksum.Crc32CAsync(path, token), file.Crc32C, StringComparison.Ordinal))
            {
                unchanged.Add(file.Path);
            }
            else
            {
                Interlocked.Add(ref growth, file.Size - (info.Exists ? info.Length : 0));
            }
        });
        return new DirectoryDelta(directory, contents, new HashSet<string>(unchanged, StringComparer.Ordinal), growth);
    }

    public bool IsUnchanged(string path) => _unchanged.Contains(path);

    /// <summary>Whether an object has nothing but unchanged files; of a pack whose files are not listed nobody knows.</summary>
    public bool Has(ArchivePart part) => part.Path is { } path ? IsUnchanged(path) : part.Files is { } files && files.All(IsUnchanged);

    /// <summary>Removes what differs and what the backup has not, pg_control first. Links are removed, never followed, except for pg_wal.</summary>
    public void RemoveTheRest()
    {
        File.Delete(_directory.FileOf(BasePaths.ControlFile));
        var directories = _contents.Directories.Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        Remove(string.Empty, directories);
    }

    private void Remove(string below, HashSet<string> directories)
    {
        foreach (var entry in new DirectoryInfo(_directory.FileOf(below)).GetFileSystemInfos())
        {
            var path = below.Length == 0 ? entry.Name : $"{below}/{entry.Name}";
            if (path is DataDirectory.StateName)
            {
                continue;
            }

            if (entry is DirectoryInfo folder && (folder.LinkTarget is null || path is "pg_wal"))
            {
                if (directories.Contains(path))
                {
                    Remove(path, directories);
                }
                else
                {
                    folder.Delete(recursive: true);
                }
            }
            else if (!_unchanged.Contains(path))
            {
                entry.Delete();
            }
        }
    }
}
