using BackupFunctions.Contracts;
using BackupFunctions.Postgres.BaseBackup;
using BackupFunctions.Postgres.Replication;

namespace BackupFunctions.Postgres.Recovery.Tablespaces;

/// <summary>
/// Replay of CREATE TABLESPACE takes the location as it was on the old server, which on its own machine is a directory of the live server:
/// PostgreSQL goes on in whatever it finds there (tablespace.c, create_tablespace_directories). So log that makes a tablespace is given to
/// the server only when that directory is there and empty. Else it gets the log before that: when it comes back for more, it stops.
/// </summary>
internal sealed class TablespaceGuard : IWalSource
{
    private readonly IWalSource _inner;
    private readonly RecoveryRequest _request;
    private readonly ulong _from;
    private readonly TablespaceRecords _records = new();
    private readonly HashSet<ulong> _allowed = [];
    private string? _withheld;

    private TablespaceGuard(IWalSource inner, RecoveryRequest request, ulong from) => (_inner, _request, _from) = (inner, request, from);

    /// <param name="request">Its log, guarded.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IWalSource> CreateAsync(RecoveryRequest request, CancellationToken cancellationToken)
    {
        // Records before the backup's start are not replayed. A server that has run before has put the label aside: then all count.
        var label = Path.Combine(request.DataFolder, "backup_label");
        var from = File.Exists(label) ? BackupLabel.Parse(await File.ReadAllBytesAsync(label, cancellationToken)).StartLsn : 0;
        return new TablespaceGuard(request.Log, request, from);
    }

    public async Task<bool> FetchAsync(string file, string destination, CancellationToken cancellationToken)
    {
        if (!await _inner.FetchAsync(file, destination, cancellationToken))
        {
            return false;
        }

        if (file.Contains('.', StringComparison.Ordinal))
        {
            return true;
        }

        foreach (var record in await _records.ReadAsync(destination, cancellationToken))
        {
            if (record.Lsn >= _from && !IsBehindTarget(record) && !_allowed.Contains(record.Lsn))
            {
                if (WhyNot(record.Location) is { } why)
                {
                    return Withhold(file, destination, record, why);
                }

                // Asked for once more the directory is no longer empty: by this very recovery.
                _allowed.Add(record.Lsn);
            }
        }

        _withheld = null;
        return true;
    }

    /// <summary>
    /// The target may lie before the record, and the server reads ahead of what it replays: it asks for the same segment a second time, with none
    /// in between, only when it has used up the first answer.
    /// </summary>
    private bool Withhold(string file, string destination, TablespaceRecord record, string why)
    {
        if (string.Equals(_withheld, file, StringComparison.Ordinal))
        {
            File.Delete(destination);
            throw Refused(record, why);
        }

        _withheld = file;
        if (record.Offset < 0)
        {
            File.Delete(destination);
            return false;
        }

        using var segment = new FileStream(destination, FileMode.Open, FileAccess.Write);
        var size = segment.Length;
        segment.SetLength(record.Offset);
        segment.SetLength(size);
        return true;
    }

    /// <summary>Replay ends at the first record at or behind a position, with it or before it (xlogrecovery.c, recoveryStopsBefore and After).</summary>
    private bool IsBehindTarget(TablespaceRecord record) =>
        _request.Target.Kind == RecoveryTargetKind.Lsn && LogPosition.TryParse(_request.Target.Value!, out var target)
        && (_request.Target.Inclusive ? record.PreviousLsn : record.Lsn) >= target;

    private string? WhyNot(string? location)
    {
        if (location is null)
        {
            return "which cannot be read";
        }

        if (location.Length == 0 || _request.TablespaceFolders.Contains(location, StringComparer.Ordinal))
        {
            return null;
        }

        try
        {
            return !Path.IsPathRooted(location) ? "which is no absolute path"
                : !Directory.Exists(location) ? "which is not there"
                : IsWithin(location, _request.DataFolder) ? "which lies in the new data directory"
                : Directory.EnumerateFileSystemEntries(location).Any() ? "which holds something, perhaps the files of a server that runs"
                : Owned(location);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"which cannot be looked into ({e.Message.TrimEnd('.')})";
        }
    }

    /// <summary>The server sets the directory's mode, which its owner alone may.</summary>
    private static string? Owned(string location)
    {
        ServerAccount.OwnFile(location);
        return null;
    }

    private static bool IsWithin(string path, string folder) =>
        (Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) + "/").StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + "/", StringComparison.Ordinal);

    private static PgdrException Refused(TablespaceRecord record, string why)
    {
        var lsn = LogPosition.Format(record.Lsn);
        return new PgdrException(
            ErrorCodes.TablespacesRefused,
            $"The log creates a tablespace at {record.Location ?? "a location"}, {why}, and replay would use that directory: recover from a base backup that was taken after {lsn} (then --tablespace-map says where it goes), "
            + $"to a point before it with --lsn {lsn} --exclusive, or on a machine where the directory is there and empty.");
    }
}
