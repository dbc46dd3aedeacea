namespace BackupFunctions.Catalog.Wal;

/// <summary>What a signed inventory says: everything that the server had flushed at a time lies before a position.</summary>
/// <param name="At">By the server's clock.</param>
/// <param name="Lsn">Bytes.</param>
public sealed record CoveredTime(DateTimeOffset At, ulong Lsn)
{
    /// <summary>
    /// A transaction stamps itself, and is flushed a moment later: after three times wal_writer_delay (200 ms) when it does not wait for it,
    /// after a stall of the disk otherwise. One that took longer than this had not been answered yet at <see cref="At"/>.
    /// </summary>
    public static TimeSpan Reserve { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Every transaction that was stamped by then is known to lie before <see cref="Lsn"/>.</summary>
    public DateTimeOffset CompleteUntil => At - Reserve;
}
