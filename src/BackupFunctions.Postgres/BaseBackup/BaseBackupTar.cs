using System.Formats.Tar;
using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>
/// The tars that pg_basebackup writes: ustar, directories and plain files. To standard output it is one, with the manifest at its end; else
/// there is one for each tablespace, base.tar comes last, and the manifest is a file of its own.
/// </summary>
internal sealed class BaseBackupTar(IBaseBackupSink sink)
{
    private const string LabelName = "backup_label";
    private const string ManifestName = "backup_manifest";
    private const int LargestLabel = 64 * 1024;
    private const int LargestMap = 16 << 20;
    private const int ManifestTail = 64 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    private BackupLabel? _label;
    private ManifestWalRange? _range;
    private IReadOnlyDictionary<long, string> _tablespaces = new Dictionary<long, string>();
    private int _files;

    /// <param name="tar">Read to its end: all there is.</param>
    /// <param name="sink">Takes what is in it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<BaseBackupOutcome> ReadAsync(Stream tar, IBaseBackupSink sink, CancellationToken cancellationToken)
    {
        var reader = new BaseBackupTar(sink);
        await reader.ReadAsync(tar, tablespace: null, cancellationToken);
        return reader.Outcome();
    }

    /// <param name="tar">Read to its end.</param>
    /// <param name="tablespace">The oid that names it; null: base.tar.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task ReadAsync(Stream tar, string? tablespace, CancellationToken cancellationToken)
    {
        var below = tablespace is null ? string.Empty : $"{TablespaceMap.LinkFolder}/{tablespace}/";
        if (tablespace is not null)
        {
            sink.Directory(below.TrimEnd('/'), OwnerOnly);
        }

        await using (var reader = new TarReader(tar, leaveOpen: true))
        {
            while (await NextAsync(reader, cancellationToken) is { } entry)
            {
                await TakeAsync(below + (entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name), entry, cancellationToken);
            }
        }

        // The end of the tar is not yet the end of the tool, which may find fault with the backup.
        await tar.CopyToAsync(Stream.Null, cancellationToken);
    }

    /// <summary>The server's backup_manifest.</summary>
    public async Task ManifestAsync(Stream manifest, CancellationToken cancellationToken)
    {
        await using var content = new TailStream(manifest, ManifestTail);
        await sink.ManifestAsync(content, cancellationToken);
        _range = ManifestWalRange.Parse(content.Tail);
    }

    /// <summary>What it was, when all of it is read.</summary>
    /// <exception cref="PgdrException">tool.failed: something is missing.</exception>
    public BaseBackupOutcome Outcome() => _label is not null && _range is not null
        ? new BaseBackupOutcome(_label, _range.Timeline, _range.EndLsn, _files, _tablespaces)
        : throw new PgdrException(ErrorCodes.ToolFailed, $"pg_basebackup sent no {(_label is null ? LabelName : ManifestName)}: update the PostgreSQL client package, and back up again.");

    private async Task TakeAsync(string path, TarEntry entry, CancellationToken cancellationToken)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                sink.Directory(path.TrimEnd('/'), entry.Mode & Permissions);
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile when path is ManifestName:
                await ManifestAsync(entry.DataStream ?? Stream.Null, cancellationToken);
                break;

            // Empty, it is a file like others; else a restore writes one of its own, with the locations that it chose.
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile when path is TablespaceMap.FileName && entry.Length > 0:
                _tablespaces = TablespaceMap.Parse(await BytesAsync(entry, LargestMap, cancellationToken));
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile when path is LabelName:
                await LabelAsync(entry, cancellationToken);
                _files++;
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                await sink.FileAsync(path, entry.Mode & Permissions, entry.Length, entry.DataStream ?? Stream.Null, cancellationToken);
                _files++;
                break;
            default:
                throw new PgdrException(
                    ErrorCodes.TablespacesRefused, $"The base backup holds {path}, which is neither a file nor a directory ({entry.EntryType}): remove it from the data directory.");
        }
    }

    private static async Task<TarEntry?> NextAsync(TarReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.GetNextEntryAsync(copyData: false, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new PgdrException(ErrorCodes.ToolFailed, $"pg_basebackup sent what is no tar archive ({e.Message.TrimEnd('.')}): update the PostgreSQL client package, and back up again.", e);
        }
    }

    private async Task LabelAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        var bytes = await BytesAsync(entry, LargestLabel, cancellationToken);
        _label = BackupLabel.Parse(bytes);
        await using var content = new MemoryStream(bytes, writable: false);
        await sink.FileAsync(LabelName, entry.Mode & Permissions, bytes.Length, content, cancellationToken);
    }

    private static async Task<byte[]> BytesAsync(TarEntry entry, int largest, CancellationToken cancellationToken)
    {
        if (entry.Length == 0 || entry.Length > largest)
        {
            throw new PgdrException(ErrorCodes.FormatUnknown, $"The server's {entry.Name} has {entry.Length} bytes: use a newer pgdr.");
        }

        var bytes = new byte[entry.Length];
        await entry.DataStream!.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
