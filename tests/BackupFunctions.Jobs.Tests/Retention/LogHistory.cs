namespace BackupFunctions.Jobs.Tests.Retention;

/// <summary>An old base at segment 3 and a newer one at segment 10, log from 1 to 20; bases stay for 30 days, the window is 30, the grace 14.</summary>
internal static class LogHistory
{
    public static readonly int[] Both = [.. Enumerable.Range(1, 20)];

    /// <summary>What the old base needs to become consistent, and everything from the newer one on.</summary>
    public static readonly int[] Needed = [3, 4, .. Enumerable.Range(10, 11)];
    public static readonly int[] FromNewBase = [.. Enumerable.Range(10, 11)];

    /// <summary>On both targets, the same.</summary>
    public static IReadOnlyList<int> Segments(this RetentionSite site)
    {
        site.SegmentsOn("far").ShouldBe(site.SegmentsOn("near"));
        return site.SegmentsOn("near");
    }

    public static ((string Old, string New) Epochs, string OldBase) PutHistory(this RetentionSite site)
    {
        var oldBase = site.PutBase(ageInDays: 70, segment: 3);
        site.PutBase(ageInDays: 31, segment: 10);
        return ((site.PutLog(ageInDays: 69, firstSegment: 1, segments: 9), site.PutLog(ageInDays: 31, firstSegment: 10, segments: 11)), oldBase);
    }
}
