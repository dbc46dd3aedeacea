namespace BackupFunctions.Retention.State;

public enum WalObjectKind
{
    /// <summary>A segment, whole or partial.</summary>
    Segment,

    /// <summary>Small and needed to find a way through the timelines: stays.</summary>
    TimelineHistory,

    /// <summary>Lists what a receiver archived: spans all of that, and so stays as long as any of it.</summary>
    Inventory,
}
