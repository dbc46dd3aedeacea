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
        if (run.Plan.Copies.All(decision => decision.Action != RetentionAction.Delete) && run.Plan.Wal.All(decision => decision.Action != RetentionAction.Delete))
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
            Holds(run.Plan.Wal.All(decision => decision.Action is RetentionAction.Keep or RetentionAction.Blocked), "log goes while something is unknown");
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

        foreach (var decision in run.Plan.Wal.Where(decision => decision.Action == RetentionAction.Delete))
        {
            Holds(decision.Wal.Copies.Single(copy => copy.Target == decision.Target).TombstonedAt <= now - run.Policy.Grace, $"{decision.Wal.Name} goes before its grace is over");
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

    public static void Holds(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new PropertyBrokenException(otherwise);
        }
    }
}
