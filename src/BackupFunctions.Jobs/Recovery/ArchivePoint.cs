using BackupFunctions.Catalog.Wal;
using BackupFunctions.Catalog.Wal.Windows;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>An archive whose later log is gone has one point: where it is consistent.</summary>
internal static class ArchivePoint
{
    /// <exception cref="PgdrException">wal.missing: another point is wanted; the one that there is is named.</exception>
    public static void Require(StoredLog log, Manifest backup, RecoverServerParameters parameters)
    {
        if (!backup.Archive || !log.Ranges.Any(range => ArchiveIslands.Holds(range, backup) && ArchiveIslands.Of(log, [backup]).Find(range) is not null)
            || parameters.Immediate || parameters.TargetLsn == backup.Base!.StopLsn)
        {
            return;
        }

        throw new PgdrException(
            ErrorCodes.WalMissing,
            $"The base backup before that point is archive {backup.BackupId}, and the log behind it is gone: its window of recovery is {backup.Base.StopLsn} alone, at {backup.SnapshotAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z "
            + $"on timeline {backup.Base.Timeline}; recover to it with 'pgdr recover {backup.Base.Server} DIRECTORY --backup {backup.BackupId} --immediate', or to a point that 'pgdr wal status' shows.");
    }
}
