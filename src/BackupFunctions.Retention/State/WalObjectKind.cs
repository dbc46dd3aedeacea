namespace BackupFunctions.Retention.State;

public enum WalObjectKind
{
    /// <summary>A segment, whole or partial.</summary>
    Segment,

    /// <summary>Small and needed to find a way through the timelines: stays.</summary>
    TimelineHistory,
}
