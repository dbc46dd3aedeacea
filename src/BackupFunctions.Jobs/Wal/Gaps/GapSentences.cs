using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Wal.Gaps;

/// <summary>A gap in words.</summary>
internal static class GapSentences
{
    public static string Of(WalGap gap) =>
        $"The log has a gap from {gap.FromLsn} of timeline {gap.FromTimeline} to {gap.ToLsn} of timeline {gap.ToTimeline}: {Cause(gap.Cause)}; no point in it can be recovered, and none behind it without a base backup behind it.";

    private static string Cause(WalGapCause cause) => cause switch
    {
        WalGapCause.SlotLost => "the server had invalidated the slot (max_slot_wal_keep_size) and removed its log",
        WalGapCause.SlotMissing => "the server had no slot, because it was dropped or another node took over, and removed its log",
        _ => "the slot stood behind what was archived, and the server had removed the log between",
    };
}
