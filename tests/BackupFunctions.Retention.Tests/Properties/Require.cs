using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.Policies;
using BackupFunctions.Retention.State;
using BackupFunctions.Retention.Tests.Simulation;

namespace BackupFunctions.Retention.Tests.Properties;

/// <summary>What every run must keep to, whatever came before.</summary>
internal static class Require
{
    public static void All(Run run)
    {
        NothingNeededGoes(run);
        RecoveryWindowHolds(run);
        LastGoodStays(run);
        UnknownStops(run);
        GraceLocksLeasesAndHoldsCount(run);
        PolicyCounts(run);
        ArchivesStay(run);
        LogGoesRightly(run);
    }

    /// <summary>What could be restored, and was not let go itself, still can be: as a whole, and from each target alone.</summary>
    private static void NothingNeededGoes(Run run)
    {
        foreach (var backup in run.Before.Live)
        {
            var now = run.After.Backups[backup.Id];
            if (now.Copies.Any(copy => copy.IsUsable) && Truth.Restorable(run.Before, backup))
            {
                Holds(Truth.Restorable(run.After, now), $"{backup.Id} lost what it needs");
            }

            foreach (var copy in now.Copies.Where(copy => copy.IsUsable && Truth.RestorableFrom(run.Before, backup, copy.Target)))
            {
                Holds(Truth.RestorableFrom(run.After, now, copy.Target), $"{backup.Id} lost what it needs on {copy.Target}");
            }

            var verified = now.Copies.Where(copy => copy.IsLive && copy.Health == CopyHealth.Verified);
            if (backup.Copies.Any(copy => copy.IsLive && copy.Health == CopyHealth.Verified) && now.Copies.Any(copy => copy.IsLive && copy.TombstonedAt is null))
            {
                Holds(verified.Any(), $"{backup.Id} lost its verified copies before its others");
            }
        }
    }

    private static void RecoveryWindowHolds(Run run)
    {
        if (run.Plan.Copies.All(decision => decision.Action != RetentionAction.Delete) && run.Plan.Wal.All(log => log.Due.IsEmpty && log.DueEpochs.Count == 0))
        {
            return;
        }

        var begin = run.Before.Now - run.Policy.RecoveryWindow;
        var after = Truth.Reachable(run.After, begin);
        foreach (var point in Truth.Reachable(run.Before, begin))
        {
            Holds(after.Contains(point), $"{point} can no longer be recovered");
        }
    }

    private static void LastGoodStays(Run run)
    {
        foreach (var newest in Truth.NewestGood(run.Before))
        {
            var now = run.After.Backups[newest.Id];
            Holds(Truth.Good(run.After, now), $"{newest.Id}, the last good of {newest.Group}, is gone");
            Holds(now.Copies.Count(copy => copy.IsLive) == newest.Copies.Count(copy => copy.IsLive), $"{newest.Id}, the last good of {newest.Group}, lost a copy");
        }
    }

    private static void UnknownStops(Run run)
    {
        foreach (var decision in run.Plan.Copies.Where(decision => decision.Action is RetentionAction.Delete or RetentionAction.Tombstone))
        {
            var backup = run.Before.Backups[decision.BackupId];
            Holds(run.Sight is { Away: null, UnreadableBackup: null }, $"{backup.Id} goes while something is unknown");
            Holds(run.Sight.DatabaseInDoubt != backup.Database || backup.Wal is not null, $"{backup.Id} goes while {backup.Database} is in doubt");
            Holds(run.Sight.ServerInDoubt is null || backup.Wal is null, $"{backup.Id} goes while its server is in doubt");
        }

        if (run.Sight is not { Away: null, UnreadableBackup: null, ServerInDoubt: null })
        {
            Holds(run.Plan.Wal.All(log => log.Due.IsEmpty && log.DueEpochs.Count == 0 && !log.IsNews), "log goes while something is unknown");
        }
    }

    private static void GraceLocksLeasesAndHoldsCount(Run run)
    {
        var now = run.Before.Now;
        foreach (var decision in run.Plan.Copies)
        {
            var backup = run.Before.Backups[decision.BackupId];
            if (decision.Action is RetentionAction.Delete)
            {
                var copy = backup.Copies.Single(copy => copy.Target == decision.Target);
                Holds(copy.Stage == CopyStage.Deleting || copy.TombstonedAt <= now - run.Policy.Grace, $"{backup.Id} goes before its grace is over");
                Holds(copy.LockedUntil is null || copy.LockedUntil <= now, $"{backup.Id} goes while it is locked");
                Holds(!run.Before.Leases.Exists(lease => lease.BackupId == backup.Id && lease.Until > now), $"{backup.Id} goes while it is in use");
            }

            if (decision.Action is RetentionAction.Delete or RetentionAction.Tombstone && backup.KeepUntil > now)
            {
                Holds(backup.Copies.Single(copy => copy.Target == decision.Target).Stage == CopyStage.Deleting, $"{backup.Id} goes although it is held");
            }
        }
    }

    private static void PolicyCounts(Run run)
    {
        if (run.Policy.Kind == PolicyKind.Gfs)
        {
            return;
        }

        foreach (var decision in run.Plan.Copies.Where(decision => decision.Action is RetentionAction.Tombstone))
        {
            var days = run.Policy.Kind == PolicyKind.Age ? run.Policy.DaysByTarget.GetValueOrDefault(decision.Target, run.Policy.Days) : run.Policy.Days;
            Holds(run.Before.Backups[decision.BackupId].SnapshotAt.AddDays(days) <= run.Before.Now, $"{decision.BackupId} goes too young");
        }
    }

    /// <summary>For its months an archive can be restored if it could be, and a base has the log to be started with.</summary>
    private static void ArchivesStay(Run run)
    {
        foreach (var archive in run.Before.Live.Where(backup => backup.IsArchive && backup.SnapshotAt.AddMonths(run.Policy.ArchiveMonths) > run.Before.Now))
        {
            var now = run.After.Backups[archive.Id];
            if (Truth.Restorable(run.Before, archive))
            {
                Holds(Truth.Restorable(run.After, now), $"archive {archive.Id} went before its months were over");
                Holds(now.Copies.Any(copy => copy.IsLive && copy.TombstonedAt is null) || run.Sight.Everything is false, $"archive {archive.Id} is to go before its months are over");
                Holds(Truth.Startable(run.After, now) || !Truth.Startable(run.Before, archive), $"archive {archive.Id} lost the log that it is started with");
            }

            if (run.Policy.Kind != PolicyKind.Age && archive.Status != BackupStatus.Failed)
            {
                Holds(now.Copies.Count(copy => copy.IsLive) == archive.Copies.Count(copy => copy.IsLive), $"archive {archive.Id} lost a copy");
            }
        }
    }

    /// <summary>Grace, window, bases, readers: log and the epochs that open it.</summary>
    private static void LogGoesRightly(Run run)
    {
        var (before, after, now) = (run.Before, run.After, run.Before.Now);
        var gone = before.Wal.Values.Where(wal => after.Wal[wal.Name].Targets.Count < wal.Targets.Count).ToList();
        foreach (var wal in gone)
        {
            Holds(before.ExpiredSince.TryGetValue(wal.Name, out var since) && since <= now - run.Policy.Grace, $"{wal.Name} goes before its grace is over");
            Holds(wal.At < now - run.Policy.RecoveryWindow, $"{wal.Name} goes although it was archived in the recovery window");
        }

        var lost = before.Wal.Values.Where(wal => before.Has(wal) && !after.Has(wal)).ToList();
        foreach (var backup in after.Live.Where(backup => backup.Wal is not null && lost.Count > 0))
        {
            Holds(!Truth.LogOf(lost, backup).Any(), $"{backup.Id} cannot become consistent any more");
        }

        foreach (var lease in before.Leases.Where(lease => lost.Count > 0 && lease.Until > now && before.Backups[lease.BackupId].Wal is not null))
        {
            Holds(!Truth.LogFrom(before, lost, before.Backups[lease.BackupId]).Any(), $"log goes that {lease.Holder} may need");
        }

        foreach (var epoch in run.Plan.Wal.SelectMany(log => log.DueEpochs))
        {
            Holds(before.Wal.Values.Where(wal => before.EpochOf[wal.Name] == epoch && wal.Targets.Count > 0).All(wal => run.Plan.Wal.Any(log => log.Due.Holds(wal.Timeline, wal.StartLsn, wal.EndLsn))), $"epoch {epoch} goes before its log");
        }

        Holds(after.KnownTimelines().Count == before.KnownTimelines().Count, "where a timeline came from is no longer known");
    }

    public static void Holds(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new PropertyBrokenException(otherwise);
        }
    }
}
