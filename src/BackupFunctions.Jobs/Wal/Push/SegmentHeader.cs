using System.Buffers.Binary;
using System.Globalization;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;

namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>
/// The first bytes of a segment (xlog_internal.h: XLogLongPageHeaderData, the same since PostgreSQL 11): whose log it is and from where on.
/// </summary>
internal static class SegmentHeader
{
    private const int Length = 40;
    private const int PageAddress = 8;
    private const int SystemIdentifier = 24;
    private const int SegmentSize = 32;

    /// <returns>Null: not such a segment; a recycled one has an older header until it is written.</returns>
    public static int? TryRead(PushFile file, string systemIdentifier)
    {
        try
        {
            return Read(file, systemIdentifier);
        }
        catch (Exception e) when (e is PgdrException or IOException)
        {
            return null;
        }
    }

    /// <param name="file">A segment.</param>
    /// <param name="systemIdentifier">Of pg_control.</param>
    /// <returns>wal_segment_size, bytes.</returns>
    /// <exception cref="PgdrException">object.damaged: it is not what its name says.</exception>
    public static int Read(PushFile file, string systemIdentifier)
    {
        var header = new byte[Length];
        using var stream = File.OpenRead(file.Path);
        if (stream.ReadAtLeast(header, Length, throwOnEndOfStream: false) < Length)
        {
            throw NotWhatItSays(file, "it is too short");
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(SegmentSize));
        var system = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(SystemIdentifier)).ToString(CultureInfo.InvariantCulture);
        return size is < 1 << 20 or > 1 << 30 || !int.IsPow2(size) ? throw NotWhatItSays(file, "it does not begin with the header of a segment")
            : stream.Length != size ? throw NotWhatItSays(file, $"it has {stream.Length} bytes in place of {size}")
            : !string.Equals(system, systemIdentifier, StringComparison.Ordinal) ? throw NotWhatItSays(file, $"it belongs to server {system}, not {systemIdentifier}")
            : !WalSegmentName.TryStartOf(file.Segment, size, out var start) || BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(PageAddress)) != start
                ? throw NotWhatItSays(file, "its header has another position")
            : size;
    }

    private static PgdrException NotWhatItSays(PushFile file, string cause) =>
        new(ErrorCodes.ObjectDamaged, $"{file.Path} is not the segment that its name says: {cause}; it was not archived. Look at what wrote it, and at the server's disk.");
}
