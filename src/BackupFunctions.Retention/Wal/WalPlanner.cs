using System.Globalization;
using BackupFunctions.Retention.Gates;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Wal;

/// <summary>Decides over write-ahead log, after the bases have been decided.</summary>
internal sealed class WalPlanner(PlanContext context, UnknownGate unknown, DecidedCopies decided)
{
    public IEnumerable<WalDecision> Plan()
    {
        foreach (var server in context.State.Wal.GroupBy(wal => wal.SystemId, StringComparer.Ordinal))
        {
            var bases = context.State.Backups.Where(backup => string.Equals(backup.Wal?.SystemId, server.Key, StringComparison.Ordinal)).ToList();
            var noneGood = bases.Exists(context.Graph.IsGood) ? null : $"no base of server {server.Key} is verified";
            var needed = NeededWal.Of(context, server.Key, [.. bases.Where(Stays)]);
            foreach (var timeline in server.GroupBy(wal => wal.Timeline))
            {
                foreach (var (wal, reason) in needed.Judge(timeline.Key, timeline.OrderBy(wal => wal.EndLsn)))
                {
                    foreach (var copy in wal.Copies.Where(copy => copy.Stage != CopyStage.Deleted))
                    {
                        yield return Decide(wal, copy, noneGood ?? WhyKept(wal) ?? reason);
                    }
                }
            }
        }
    }

    private bool Stays(KnownBackup backup) => backup.Copies.Any(copy => copy.IsLive && !decided.Goes(backup.Id, copy.Target));

    private string? WhyKept(KnownWal wal) =>
        wal.Kind == WalObjectKind.TimelineHistory ? "history of a timeline"
        : wal.At >= context.WindowBegin ? "in the recovery window"
        : null;

    private WalDecision Decide(KnownWal wal, KnownCopy copy, string? whyKept)
    {
        if (copy.IsLive && whyKept is not null)
        {
            return new WalDecision(wal, copy.Target, RetentionAction.Keep, whyKept, CancelsTombstone: copy.TombstonedAt is not null);
        }

        var (action, reason) = unknown.WhyNot(wal.SystemId) is { } why ? (RetentionAction.Blocked, why) : Unneeded(copy);
        return new WalDecision(wal, copy.Target, action, reason, CancelsTombstone: false);
    }

    private (RetentionAction Action, string Reason) Unneeded(KnownCopy copy)
    {
        if (copy.IsLive && copy.TombstonedAt is null)
        {
            return (RetentionAction.Tombstone, "no base that stays needs it");
        }

        if (copy.IsLive && copy.TombstonedAt + context.Settings.Grace is { } end && end > context.Now)
        {
            return (RetentionAction.Keep, string.Create(CultureInfo.InvariantCulture, $"tombstoned, goes on {end.UtcDateTime:yyyy-MM-dd}"));
        }

        return LockGate.WhyNot(context, copy) is { } locked ? (RetentionAction.Blocked, locked) : (RetentionAction.Delete, "the grace of its tombstone is over");
    }
}
