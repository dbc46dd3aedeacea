using System.Buffers.Binary;
using System.Globalization;

namespace BackupFunctions.Archive.Wal;

/// <summary>
/// What a segment says of itself in its first bytes (xlog_internal.h, XLogLongPageHeaderData): whose log it is and where it belongs. Read
/// in the byte order of the server, whichever that is.
/// </summary>
public static class WalPageHeader
{
    /// <summary>Bytes of the header; a segment of which fewer were archived says nothing.</summary>
    public const int Size = 40;

    private const int Address = 8;
    private const int System = 24;
    private const int SegmentSize = 32;

    /// <param name="header">The first <see cref="Size"/> bytes.</param>
    /// <param name="systemIdentifier">The server's, digits.</param>
    /// <param name="start">The segment's first byte, a position.</param>
    /// <param name="segmentSize">Bytes.</param>
    /// <returns>What it holds instead, as part of a sentence; null when it is what it should be.</returns>
    public static string? FindProblem(ReadOnlySpan<byte> header, string systemIdentifier, ulong start, int segmentSize)
    {
        if (!header.ContainsAnyExcept((byte)0))
        {
            return "zeros in place of log";
        }

        var bigEndian = BinaryPrimitives.ReadUInt32BigEndian(header[SegmentSize..]) == (uint)segmentSize;
        if (!bigEndian && BinaryPrimitives.ReadUInt32LittleEndian(header[SegmentSize..]) != (uint)segmentSize)
        {
            return "something that is no log";
        }

        var system = bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(header[System..]) : BinaryPrimitives.ReadUInt64LittleEndian(header[System..]);
        var address = bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(header[Address..]) : BinaryPrimitives.ReadUInt64LittleEndian(header[Address..]);
        var name = system.ToString(CultureInfo.InvariantCulture);
        return !string.Equals(name, systemIdentifier, StringComparison.Ordinal) ? $"the log of another server ({name})"
            : address != start ? $"the log from {Lsn.Format(address)} on"
            : null;
    }
}
