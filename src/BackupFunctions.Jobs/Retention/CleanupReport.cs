using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Retention;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Jobs.Retention;

/// <summary>What a run tells of itself.</summary>
internal static class CleanupReport
{
    public static CleanupOutcome Create(CleanupParameters parameters, RetentionReading reading, RetentionPlan plan, CleanupCounts counts)
    {
        var backups = reading.State.Backups.ToDictionary(backup => backup.Id, StringComparer.Ordinal);
        List<CleanupDecision> decisions =
        [
            .. plan.Copies.Select(decision => Describe(decision, backups[decision.BackupId]))
                .OrderByDescending(decision => decision.BackupId, StringComparer.Ordinal).ThenBy(decision => decision.Target, StringComparer.Ordinal),
        ];
        List<WalCleanupDecision> log = [.. plan.Wal.SelectMany(server => server.Decisions.Select(decision => Describe(server.SystemId, decision)))];
        List<string> problems = [.. counts.Problems.Distinct(StringComparer.Ordinal)];
        var result = new CleanupResult
        {
            Success = problems.Count == 0,
            DryRun = parameters.DryRun,
            Kept = Count(plan, RetentionAction.Keep),
            Tombstoned = parameters.DryRun ? Count(plan, RetentionAction.Tombstone) : counts.Tombstoned,
            TombstonesCancelled = parameters.DryRun ? plan.Copies.Count(decision => decision.CancelsTombstone) : counts.Cancelled,
            Deleted = parameters.DryRun ? Count(plan, RetentionAction.Delete) : counts.Deleted,
            Blocked = Count(plan, RetentionAction.Blocked) + counts.Locked,
            OrphansRemoved = counts.Orphans,
            BytesDeleted = counts.Bytes,
            WalObjects = reading.State.Wal.Count + reading.Log.Texts,
            WalUnneeded = Copies(reading, plan, static (log, wal) => log.Expired.Holds(wal.Timeline, wal.StartLsn, wal.EndLsn) && !log.Due.Holds(wal.Timeline, wal.StartLsn, wal.EndLsn)) + counts.LogLocked,
            WalDeleted = parameters.DryRun ? Copies(reading, plan, static (log, wal) => log.Due.Holds(wal.Timeline, wal.StartLsn, wal.EndLsn)) : counts.LogDeleted,
            WalLocked = counts.LogLocked,
            WalEpochsDeleted = parameters.DryRun ? plan.Wal.Sum(log => log.DueEpochs.Count) : counts.EpochsDeleted,
            WalDecisions = [.. log.Where(decision => decision.Action != Text(RetentionAction.Keep) || decision.DeletableAt is not null).Take(CleanupResult.MostListed)],
            UploadsFreed = counts.Uploads,
            Problems = [.. problems.Take(CleanupResult.MostListed)],
            Decisions = [.. decisions.Where(decision => decision.Action != Text(RetentionAction.Keep)).Take(CleanupResult.MostListed)],
        };
        return new CleanupOutcome(result, decisions, log);
    }

    private static int Copies(RetentionReading reading, RetentionPlan plan, Func<WalPlan, KnownWal, bool> counts)
    {
        var servers = plan.Wal.ToDictionary(log => log.SystemId, StringComparer.Ordinal);
        return reading.State.Wal.Where(wal => counts(servers[wal.SystemId], wal)).Sum(wal => wal.Targets.Count);
    }

    private static WalCleanupDecision Describe(string systemId, WalDecision decision) => new(
        systemId, decision.Span.Timeline, Lsn.Format(decision.Span.From), Lsn.Format(decision.Span.To), decision.Objects, Text(decision.Action), decision.Reasons, decision.DeletableAt);

    private static int Count(RetentionPlan plan, RetentionAction action) => plan.Copies.Count(decision => decision.Action == action);

    private static CleanupDecision Describe(CopyDecision decision, KnownBackup backup) => new(
        backup.Id, backup.Wal is null && backup.ConfigurationOf is null ? backup.Database : backup.Group, decision.Target, Text(decision.Action), backup.SnapshotAt, decision.Reasons, decision.DeletableAt);

    private static string Text(RetentionAction action) => action.ToString().ToUpperInvariant();
}
