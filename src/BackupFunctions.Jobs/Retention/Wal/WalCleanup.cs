using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Retention;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>Carries out what was planned for archived log, server by server: states what has expired, then deletes what has been stated for the whole grace.</summary>
internal sealed class WalCleanup(string cluster, IReadOnlyList<IStorageTarget> targets, WalExpiryWriter writer, IJobReporter reporter, CleanupCounts counts)
{
    /// <exception cref="StorageException">A target is away, or does not take a statement: the run ends, and nothing more is deleted.</exception>
    public async Task RunAsync(RetentionPlan plan, RetentionReading reading, DateTimeOffset now, TimeSpan recoveryWindow, CancellationToken cancellationToken)
    {
        reporter.Phase("log");
        foreach (var log in plan.Wal.Where(log => log.WhyBlocked is null))
        {
            var server = reading.Log.Servers[log.SystemId];
            if (log.IsNews)
            {
                await writer.WriteAsync(log, server, cancellationToken);
            }

            if (log.Due.IsEmpty && log.DueEpochs.Count == 0 && server.Leftovers.Count == 0)
            {
                continue;
            }

            if (await FindReaderAsync(reading, log.SystemId, now, cancellationToken) is { } reader)
            {
                reporter.Warn(reader);
                continue;
            }

            var deletion = new WalDeletion(cluster, server, log, now - recoveryWindow, reporter);
            try
            {
                await deletion.RunAsync(targets, cancellationToken);
            }
            finally
            {
                Count(deletion);
            }
        }
    }

    /// <summary>Between the plan and now somebody may have begun to recover.</summary>
    private async Task<string?> FindReaderAsync(RetentionReading reading, string system, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var bases = reading.State.Backups.Where(backup => string.Equals(backup.Wal?.SystemId, system, StringComparison.Ordinal)).Select(backup => backup.Id).ToHashSet(StringComparer.Ordinal);
        var known = reading.State.Leases.Select(lease => (lease.BackupId, lease.Holder)).ToHashSet();
        foreach (var target in targets)
        {
            await foreach (var (lease, _) in LeaseReader.ReadAsync(target, cluster, backupId: null, cancellationToken))
            {
                if (lease.Until > now && bases.Contains(lease.BackupId) && !known.Contains((lease.BackupId, lease.Holder)))
                {
                    return $"Base {lease.BackupId} is in use by {lease.Holder} since just now: log of server {system} goes with a later run.";
                }
            }
        }

        return null;
    }

    private void Count(WalDeletion deletion)
    {
        counts.LogDeleted += deletion.Deleted;
        counts.LogLocked += deletion.Locked;
        counts.EpochsDeleted += deletion.Epochs;
        foreach (var problem in deletion.Problems)
        {
            counts.Problems.Enqueue(problem);
        }
    }
}
