using System.Runtime.InteropServices;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>Directories and modes of a data directory as they stream by.</summary>
internal sealed class BaseTree
{
    private const string TablespacePrefix = BasePaths.Tablespaces + "/";

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<BaseEntry> _directories = [];
    private readonly List<BaseEntry> _files = [];
    private readonly Dictionary<string, long> _tablespaceSizes = new(StringComparer.Ordinal);

    /// <exception cref="PgdrException">The path cannot be kept.</exception>
    public void AddDirectory(string path, UnixFileMode mode)
    {
        Check(path);
        _directories.Add(new BaseEntry(path, UnixModes.Format(mode)));
    }

    /// <exception cref="PgdrException">The path cannot be kept.</exception>
    public void AddFile(string path, UnixFileMode mode, long length)
    {
        Check(path);
        if (path.StartsWith(TablespacePrefix, StringComparison.Ordinal) && path.IndexOf('/', TablespacePrefix.Length) is var end and > 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_tablespaceSizes, path[..end], out _) += length;
        }

        _files.Add(new BaseEntry(path, UnixModes.Format(mode)));
    }

    /// <param name="parts">Of all objects.</param>
    /// <param name="tablespaces">Locations by oid.</param>
    public BaseContents Describe(IReadOnlyList<ArchivePart> parts, IReadOnlyDictionary<long, string> tablespaces)
    {
        var common = _files.CountBy(file => file.Mode, StringComparer.Ordinal).MaxBy(mode => mode.Value).Key;
        return new BaseContents
        {
            Parts = parts,

            // Those of tablespaces come before their parent does.
            Directories = [.. _directories.OrderBy(directory => directory.Path, StringComparer.Ordinal)],
            FileMode = common,
            Files = [.. _files.Where(file => !string.Equals(file.Mode, common, StringComparison.Ordinal))],
            Tablespaces = [.. tablespaces.OrderBy(item => item.Key).Select(item => new BaseTablespace(item.Key, item.Value, _tablespaceSizes.GetValueOrDefault(BasePaths.OfTablespace(item.Key))))],
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
