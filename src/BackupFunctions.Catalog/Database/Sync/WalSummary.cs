namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>Archived write-ahead log of one timeline on one target.</summary>
/// <param name="SystemIdentifier">The server.</param>
/// <param name="Timeline">From 1.</param>
internal sealed record WalSummary(string SystemIdentifier, int Timeline)
{
    public long Objects { get; private set; }

    /// <summary>Whole segments; one that was received twice counts once.</summary>
    public long Segments { get; private set; }
    public long Bytes { get; private set; }
    public string? FirstSegment { get; private set; }
    public string? LastSegment { get; private set; }

    /// <param name="file">What PostgreSQL calls it; segments come in order.</param>
    /// <param name="isWholeSegment">Neither a partial one nor a history file.</param>
    /// <param name="bytes">As stored.</param>
    public void Add(string file, bool isWholeSegment, long bytes)
    {
        Objects++;
        Bytes += bytes;
        if (isWholeSegment && !string.Equals(file, LastSegment, StringComparison.Ordinal))
        {
            Segments++;
            FirstSegment ??= file;
            LastSegment = file;
        }
    }
}
