namespace BackupFunctions.Jobs.Wal;

/// <summary>What a receiver has made safe so far. Safe for use from several threads.</summary>
internal sealed class WalCounts
{
    private long _segments;
    private long _partials;
    private long _storedBytes;
    private long _logBytes;

    public long Segments => Interlocked.Read(ref _segments);

    public long Partials => Interlocked.Read(ref _partials);

    /// <summary>Ciphertext in one copy.</summary>
    public long StoredBytes => Interlocked.Read(ref _storedBytes);

    /// <summary>Log, each byte once.</summary>
    public long LogBytes => Interlocked.Read(ref _logBytes);

    public void AddSegment(long size)
    {
        Interlocked.Increment(ref _segments);
        Interlocked.Add(ref _storedBytes, size);
    }

    public void AddPartial(long size)
    {
        Interlocked.Increment(ref _partials);
        Interlocked.Add(ref _storedBytes, size);
    }

    public void AddLog(long bytes) => Interlocked.Add(ref _logBytes, bytes);
}
