using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Catalog.Wal.Windows;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Restore;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>Whether the target lies in the window of a base backup and the log from it on.</summary>
internal static class RecoveryWindowCheck
{
    /// <param name="parameters">What was asked for.</param>
    /// <param name="backup">The base backup.</param>
    /// <param name="log">Of its server.</param>
    /// <param name="end">Where its log ends or has a hole, bytes.</param>
    /// <param name="covered">Up to when that log is known to be complete; null: not known.</param>
    /// <exception cref="PgdrException">wal.missing, backup.unknown: it lies outside; the window is named.</exception>
    public static void Require(RecoverServerParameters parameters, Manifest backup, StoredLog log, ulong end, CoveredTime? covered)
    {
        var facts = backup.Base!;
        var window = new RecoveryWindow(
            parameters.Timeline ?? log.NewestEpoch.Timeline, backup.BackupId, Lsn.Parse(facts.StopLsn), backup.SnapshotAt, end, LatestAt: null).CompleteBy(covered);
        if (parameters.TargetLsn is { } lsn && Lsn.Parse(lsn) > end)
        {
            throw new PgdrException(ErrorCodes.WalMissing, $"The position {lsn} lies behind the window of recovery, which goes {window}: {Lsn.Format(end)} is the newest point that can be reached.");
        }

        if ((parameters.TargetLsn is { } early && Lsn.Parse(early) < window.EarliestLsn) || parameters.TargetTime < backup.StartedAt)
        {
            throw new PgdrException(
                ErrorCodes.BackupUnknown, $"The target lies before the window of base backup {backup.BackupId}, which goes {window}: name an older base backup, or none so that one is chosen.");
        }
    }

    /// <summary>Where retention has let log go, a point that lies there is answered with the windows that there are.</summary>
    public static async Task<T> NameWindowsAsync<T>(BackupReader reader, string server, StoredLog log, Func<Task<T>> find, CancellationToken cancellationToken)
    {
        try
        {
            return await find();
        }
        catch (PgdrException e) when (e.Code == ErrorCodes.WalMissing && !log.Expired.Spans.IsEmpty)
        {
            throw await DescribeAsync(reader, server, cancellationToken) is { } windows ? new PgdrException(e.Code, $"{e.Message} {windows}", e) : e;
        }
    }

    /// <summary>All windows of a server, for a message that is on its way already.</summary>
    /// <returns>A sentence; null: there is none, or it cannot be said.</returns>
    public static async Task<string?> DescribeAsync(BackupReader reader, string server, CancellationToken cancellationToken)
    {
        try
        {
            var bases = (await BaseManifests.ReadAsync(reader.Catalog, cancellationToken)).Where(backup => string.Equals(backup.Base!.Server, server, StringComparison.Ordinal)).ToList();
            var windows = new List<RecoveryWindow>();
            foreach (var system in bases.Select(backup => backup.Server.SystemIdentifier!).Distinct(StringComparer.Ordinal))
            {
                var log = await StoredLog.ReadAsync(reader.Cluster, system, reader.Targets, requiredCopies: 1, reader.VerificationKeys, cancellationToken);
                windows.AddRange(await RecoveryWindows.OfAsync(log, bases, cancellationToken));
            }

            return windows.Count == 0 ? null : $"It can be recovered {string.Join("; ", windows)}.";
        }
        catch (PgdrException)
        {
            return null;
        }
    }
}
