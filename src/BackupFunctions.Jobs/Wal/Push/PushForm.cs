namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>What PostgreSQL hands over to archive_command.</summary>
internal enum PushForm
{
    Segment,

    /// <summary>The last segment of a timeline that a promotion ended (.partial).</summary>
    PartialSegment,
    History,
    BackupHistory,
}
