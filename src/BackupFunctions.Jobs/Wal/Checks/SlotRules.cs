using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Wal.Checks;

/// <summary>The replication slot that a receiver has, or will have. Log that is pushed needs none.</summary>
internal static class SlotRules
{
    public static IEnumerable<WalFinding> Find(WalCheckSubject subject)
    {
        if (subject.IsPushed && subject.Slot is null && subject.Mode == WalMode.Off)
        {
            yield break;
        }

        var (most, used) = (subject.Number("max_replication_slots"), subject.Facts.Slots);
        yield return subject.Slot is not null || most > used
            ? new WalFinding("slots", CheckStatus.Ok, $"max_replication_slots is {most}, {used} in use.")
            : new WalFinding("slots", CheckStatus.Fail, $"max_replication_slots is {most}, {used} in use: drop a slot that nobody uses, or run ALTER SYSTEM SET max_replication_slots = {Math.Max(10, used + 1)}; and restart the server.");
        yield return Limit(subject);
        yield return Slot(subject);
    }

    private static WalFinding Limit(WalCheckSubject subject)
    {
        const string Check = "slot_limit";
        const string Fix = "run ALTER SYSTEM SET max_slot_wal_keep_size = '20GB'; SELECT pg_reload_conf();";
        var limit = subject.Number("max_slot_wal_keep_size");
        return limit >= 0 ? new WalFinding(Check, CheckStatus.Ok, $"max_slot_wal_keep_size is {limit} MB.")
            : subject.Settings.UnlimitedSlot ? new WalFinding(Check, CheckStatus.Warn, $"max_slot_wal_keep_size is -1, which WAL_SLOT_UNLIMITED allows: the server keeps log for the slot until its disk is full; {Fix}")
            : new WalFinding(Check, CheckStatus.Fail, $"max_slot_wal_keep_size is -1: the server would keep log for the slot until its disk is full, and none is made; {Fix}");
    }

    private static WalFinding Slot(WalCheckSubject subject)
    {
        const string Check = "slot";
        var name = subject.Settings.Slot;
        if (subject.Slot is not { } slot)
        {
            return new WalFinding(Check, CheckStatus.Ok, $"Slot {name} is made by the first run of 'pgdr wal receive'.");
        }

        var behind = subject.Facts.SlotBehind ?? 0;
        var state = $"Slot {name} is {(slot.Active ? "received by" : "not in use")}, {behind >> 20} MB behind";
        return slot.IsLost ? new WalFinding(Check, CheckStatus.Fail, $"Slot {name} is lost: the server removed log that was not received; the next run of 'pgdr wal receive' records the gap and makes a new slot; take a base backup, and raise max_slot_wal_keep_size.")
            : slot.WalStatus is "unreserved" ? new WalFinding(Check, CheckStatus.Fail, $"{state}, and about to be lost (unreserved): receive now with 'pgdr wal receive', or run ALTER SYSTEM SET max_slot_wal_keep_size = '{2 * ((behind >> 30) + 1)}GB'; SELECT pg_reload_conf();")
            : slot.SafeWalSize is { } left && left < behind ? new WalFinding(Check, CheckStatus.Warn, $"{state}, {left >> 20} MB before it is in danger of being lost: look whether its receiver runs and why targets do not take log.")
            : !slot.Active && subject.Mode == WalMode.Continuous ? new WalFinding(Check, CheckStatus.Warn, $"{state} although the settings want it received all the time: look at the runs of the host.")
            : new WalFinding(Check, CheckStatus.Ok, state + ".");
    }
}
