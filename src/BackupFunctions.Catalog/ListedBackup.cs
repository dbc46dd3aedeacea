namespace BackupFunctions.Catalog;

/// <summary>What targets list of one backup id, told apart by the targets' places in reading order. Small: one is held for each backup.</summary>
internal sealed class ListedBackup
{
    private const ulong FolderMark = 0x9E3779B97F4A7C15;

    private readonly long[] _listed;
    private readonly HashSet<string> _statements = new(StringComparer.Ordinal);
    private uint _folders;

    public ListedBackup(int targets) => _listed = new long[targets];

    /// <summary>By target: 0 when it lists nothing of it; another number whenever it lists something else. In no way proof of anything.</summary>
    public IReadOnlyList<long> Listed => _listed;

    /// <summary>File names of statements, without their ending, in order.</summary>
    public IReadOnlyList<string> Statements
    {
        get
        {
            lock (this)
            {
                return [.. _statements.Order(StringComparer.Ordinal)];
            }
        }
    }

    public bool HasFolder(int target) => (_folders & (1u << target)) != 0;

    public bool HasAnyFolder => _folders != 0;

    public void AddFolder(int target)
    {
        lock (this)
        {
            _folders |= 1u << target;
            _listed[target] += unchecked((long)FolderMark);
        }
    }

    /// <param name="target">The target's place.</param>
    /// <param name="fileName">Below the folder of the backup's statements.</param>
    /// <param name="size">Bytes.</param>
    public void AddStatementFile(int target, ReadOnlySpan<char> fileName, long size)
    {
        lock (this)
        {
            _listed[target] += unchecked((long)Fnv1A(fileName, size));
            if (fileName.EndsWith(".json", StringComparison.Ordinal))
            {
                _statements.GetAlternateLookup<ReadOnlySpan<char>>().Add(fileName[..^".json".Length]);
            }
        }
    }

    /// <summary>What a target that failed in the middle of its listing said does not count.</summary>
    public void Forget(int target)
    {
        lock (this)
        {
            _folders &= ~(1u << target);
            _listed[target] = 0;
        }
    }

    /// <summary>FNV-1a with 64 bits (Fowler, Noll, Vo): the same in every process, which <see cref="HashCode"/> is not.</summary>
    private static ulong Fnv1A(ReadOnlySpan<char> text, long size)
    {
        const ulong Prime = 1099511628211;
        var hash = 14695981039346656037;
        foreach (var letter in text)
        {
            hash = unchecked((hash ^ letter) * Prime);
        }

        return unchecked((hash ^ (ulong)size) * Prime);
    }
}
