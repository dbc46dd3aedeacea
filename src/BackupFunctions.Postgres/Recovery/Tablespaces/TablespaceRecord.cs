namespace BackupFunctions.Postgres.Recovery.Tablespaces;

/// <summary>A record of the log by which replay makes a tablespace.</summary>
/// <param name="Lsn">Its first byte, a position.</param>
/// <param name="PreviousLsn">Of the record before it.</param>
/// <param name="Location">As CREATE TABLESPACE was told; empty: in place, below the data directory; null: it cannot be read.</param>
internal sealed record TablespaceRecord(ulong Lsn, ulong PreviousLsn, string? Location)
{
    /// <summary>Of its first byte in the segment that it ends in, bytes; below 0: it began in the one before.</summary>
    public long Offset { get; init; }
}
