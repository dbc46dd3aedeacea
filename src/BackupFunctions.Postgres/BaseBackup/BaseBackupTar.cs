using System.Formats.Tar;
using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>The tar that pg_basebackup writes: ustar, directories and plain files, the manifest at its end.</summary>
internal static class BaseBackupTar
{
    private const string LabelName = "backup_label";
    private const string ManifestName = "backup_manifest";
    private const int LargestLabel = 64 * 1024;
    private const int ManifestTail = 64 * 1024;
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    /// <param name="tar">Read to its end.</param>
    /// <param name="sink">Takes what is in it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<BaseBackupOutcome> ReadAsync(Stream tar, IBaseBackupSink sink, CancellationToken cancellationToken)
    {
        BackupLabel? label = null;
        ManifestWalRange? range = null;
        var files = 0;
        await using (var reader = new TarReader(tar, leaveOpen: true))
        {
            while (await NextAsync(reader, cancellationToken) is { } entry)
            {
                var path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
                switch (entry.EntryType)
                {
                    case TarEntryType.Directory:
                        sink.Directory(path.TrimEnd('/'), entry.Mode & Permissions);
                        break;
                    case TarEntryType.RegularFile or TarEntryType.V7RegularFile when path is ManifestName:
                        range = await ManifestAsync(entry, sink, cancellationToken);
                        break;
                    case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                        label = path is LabelName
                            ? await LabelAsync(entry, sink, cancellationToken)
                            : await FileAsync(path, entry, entry.DataStream ?? Stream.Null, sink, label, cancellationToken);
                        files++;
                        break;
                    default:
                        throw new PgdrException(
                            ErrorCodes.TablespacesRefused, $"The base backup holds {path}, which is neither a file nor a directory ({entry.EntryType}): remove it from the data directory.");
                }
            }
        }

        // The end of the tar is not yet the end of the tool, which may find fault with the backup.
        await tar.CopyToAsync(Stream.Null, cancellationToken);
        return label is not null && range is not null
            ? new BaseBackupOutcome(label, range.Timeline, range.EndLsn, files)
            : throw new PgdrException(ErrorCodes.ToolFailed, $"pg_basebackup sent no {(label is null ? LabelName : ManifestName)}: update the PostgreSQL client package, and back up again.");
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

    private static async Task<BackupLabel?> FileAsync(
        string path, TarEntry entry, Stream content, IBaseBackupSink sink, BackupLabel? label, CancellationToken cancellationToken)
    {
        await sink.FileAsync(path, entry.Mode & Permissions, entry.Length, content, cancellationToken);
        return label;
    }

    private static async Task<BackupLabel> LabelAsync(TarEntry entry, IBaseBackupSink sink, CancellationToken cancellationToken)
    {
        if (entry.Length is 0 or > LargestLabel)
        {
            throw new PgdrException(ErrorCodes.FormatUnknown, $"The server's {LabelName} has {entry.Length} bytes: use a newer pgdr.");
        }

        var bytes = new byte[entry.Length];
        await entry.DataStream!.ReadExactlyAsync(bytes, cancellationToken);
        var label = BackupLabel.Parse(bytes);
        await using var content = new MemoryStream(bytes, writable: false);
        await sink.FileAsync(LabelName, entry.Mode & Permissions, bytes.Length, content, cancellationToken);
        return label;
    }

    private static async Task<ManifestWalRange> ManifestAsync(TarEntry entry, IBaseBackupSink sink, CancellationToken cancellationToken)
    {
        await using var content = new TailStream(entry.DataStream ?? Stream.Null, ManifestTail);
        await sink.ManifestAsync(content, cancellationToken);
        return ManifestWalRange.Parse(content.Tail);
    }
}
