using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>Directories and modes of a data directory as they stream by.</summary>
internal sealed class BaseTree
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<BaseEntry> _directories = [];
    private readonly List<BaseEntry> _files = [];

    public int Files => _files.Count;

    /// <exception cref="PgdrException">The path cannot be kept.</exception>
    public void AddDirectory(string path, UnixFileMode mode)
    {
        Check(path);
        _directories.Add(new BaseEntry(path, UnixModes.Format(mode)));
    }

    /// <exception cref="PgdrException">The path cannot be kept.</exception>
    public void AddFile(string path, UnixFileMode mode)
    {
        Check(path);
        _files.Add(new BaseEntry(path, UnixModes.Format(mode)));
    }

    public BaseContents Describe(IReadOnlyList<ArchivePart> parts)
    {
        var common = _files.CountBy(file => file.Mode, StringComparer.Ordinal).MaxBy(mode => mode.Value).Key;
        return new BaseContents
        {
            Parts = parts,
            Directories = _directories,
            FileMode = common,
            Files = [.. _files.Where(file => !string.Equals(file.Mode, common, StringComparison.Ordinal))],
        };
    }

    private void Check(string path)
    {
        // U+FFFD stands for bytes that are not UTF-8: the name would come back as another one.
        if (!DumpPaths.IsValid(path) || path.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new PgdrException(
                ErrorCodes.ToolFailed, $"The data directory holds a file whose name cannot be kept ({path.ReplaceLineEndings("?")}): PostgreSQL makes none of that name; remove it, and back up again.");
        }

        if (!_known.Add(path))
        {
            throw new PgdrException(ErrorCodes.ToolFailed, $"pg_basebackup sent {path} twice: update the PostgreSQL client package, and back up again.");
        }
    }
}
