using System.Buffers.Binary;
using System.Globalization;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Replication;

namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>A server's data directory, as archive_command finds it: what it is, and which files of its log wait to be archived.</summary>
internal sealed class ServerFiles
{
    private const string ReadyEnding = ".ready";

    /// <summary>Bytes of a history file at most.</summary>
    private const int LargestHistory = 1 << 20;

    private readonly string _folder;

    private ServerFiles(string folder, string systemIdentifier, int major) => (_folder, SystemIdentifier, Major) = (folder, systemIdentifier, major);

    public string SystemIdentifier { get; }

    /// <summary>Major version, from PG_VERSION.</summary>
    public int Major { get; }

    private string Log => Path.Combine(_folder, "pg_wal");

    /// <param name="folder">The data directory.</param>
    /// <exception cref="PgdrException">settings.invalid: it is none.</exception>
    public static ServerFiles Open(string folder)
    {
        try
        {
            // pg_control.h: the system identifier is the first member, in the byte order of the machine; only little-endian ones are supported.
            var control = new byte[sizeof(ulong)];
            using (var file = File.OpenRead(Path.Combine(folder, "global", "pg_control")))
            {
                file.ReadExactly(control);
            }

            var major = int.Parse(File.ReadAllText(Path.Combine(folder, "PG_VERSION")).Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
            return new ServerFiles(folder, BinaryPrimitives.ReadUInt64LittleEndian(control).ToString(CultureInfo.InvariantCulture), major);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"{folder} is not a server's data directory that this account can read ({e.Message.TrimEnd('.')}): archive_command runs in it; elsewhere, name it with --pgdata.", e);
        }
    }

    /// <param name="path">%p: relative to the data directory.</param>
    /// <exception cref="PgdrException">settings.invalid: no file of the log.</exception>
    public PushFile Find(string path)
    {
        var absolute = Path.GetFullPath(path, Path.GetFullPath(_folder));
        return !PushFile.TryCreate(absolute, out var file)
            ? throw new PgdrException(ErrorCodes.InvalidSettings, $"{path} is no file of the write-ahead log: use archive_command = 'pgdr wal push %p'.")
            : File.Exists(absolute)
                ? file
                : throw new PgdrException(ErrorCodes.WalMissing, $"{absolute} does not exist: archive_command gives a path below the data directory; elsewhere, name that with --pgdata.");
    }

    /// <summary>Files that PostgreSQL will ask for, in its order: histories first, then by name (pgarch.c, ready_file_comparator).</summary>
    public IReadOnlyList<PushFile> Ready()
    {
        var status = new DirectoryInfo(Path.Combine(Log, "archive_status"));
        return !status.Exists ? [] :
        [
            .. status.EnumerateFiles("*" + ReadyEnding)
                .Select(ready => PushFile.TryCreate(Path.Combine(Log, ready.Name[..^ReadyEnding.Length]), out var file) ? file : null).OfType<PushFile>()
                .OrderBy(file => file.Form != PushForm.History).ThenBy(file => file.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>wal_segment_size in bytes, by the segments that lie there.</summary>
    /// <exception cref="PgdrException">wal.missing: there is none.</exception>
    public int SegmentSize()
    {
        foreach (var path in Directory.EnumerateFiles(Log))
        {
            if (PushFile.TryCreate(path, out var file) && file.Form == PushForm.Segment && SegmentHeader.TryRead(file, SystemIdentifier) is { } size)
            {
                return size;
            }
        }

        throw new PgdrException(ErrorCodes.WalMissing, $"{Log} has no segment of server {SystemIdentifier}: is that the server's data directory?");
    }

    /// <returns>Oldest first; none for the first timeline.</returns>
    /// <exception cref="PgdrException">wal.missing: the server does not have its history; object.damaged.</exception>
    public IReadOnlyList<TimelineSwitch> AncestorsOf(int timeline)
    {
        if (timeline == 1)
        {
            return [];
        }

        var path = Path.Combine(Log, WalSegmentName.HistoryOf(timeline));
        return !File.Exists(path)
            ? throw new PgdrException(ErrorCodes.WalMissing, $"{path} is missing, so that it is not known where timeline {timeline} came from: bring it back with 'pgdr wal fetch {WalSegmentName.HistoryOf(timeline)} {path}'.")
            : new FileInfo(path).Length > LargestHistory
                ? throw new PgdrException(ErrorCodes.ObjectDamaged, $"{path} is larger than any history: look at what wrote it.")
                : TimelineHistory.Parse(timeline, File.ReadAllBytes(path)).Ancestors;
    }

    /// <summary>Where a timeline was left, by the history of the next one.</summary>
    /// <exception cref="PgdrException">wal.missing: no history in pg_wal says so.</exception>
    public ulong EndOf(int timeline)
    {
        foreach (var history in Directory.EnumerateFiles(Log, "*.history").Select(Path.GetFileName).Where(WalSegmentName.IsHistory).Order(StringComparer.Ordinal))
        {
            if (WalSegmentName.TimelineOf(history!) > timeline
                && AncestorsOf(WalSegmentName.TimelineOf(history!)).FirstOrDefault(ancestor => ancestor.Timeline == timeline) is { } found)
            {
                return found.EndLsn;
            }
        }

        throw new PgdrException(ErrorCodes.WalMissing, $"No history file in {Log} says where timeline {timeline} ended: bring it back with 'pgdr wal fetch'.");
    }
}
