using System.Buffers.Binary;

namespace BackupFunctions.Postgres.Recovery;

/// <summary>
/// What stands behind the last record that was replayed (xlogrecord.h, xlog_internal.h): a log that was cut off at any moment ends in a
/// record that is not whole, or in zeros. A whole record that the server did not take is damage.
/// </summary>
internal static class LogTail
{
    /// <summary>XLOG_BLCKSZ of every packaged server.</summary>
    private const int PageSize = 8192;

    private const int PageHeader = 24;

    /// <summary>Of a segment's first page.</summary>
    private const int LongPageHeader = 40;

    /// <param name="segment">The segment's bytes.</param>
    /// <param name="replayed">Position in the segment behind the last record.</param>
    /// <param name="end">Position in the segment behind the last byte that was archived.</param>
    public static bool MayEndAt(ReadOnlySpan<byte> segment, int replayed, int end)
    {
        var position = SkipHeader((replayed + 7) / 8 * 8);
        if (position + 4 > end)
        {
            return true;
        }

        // A record begins with its length; its first four bytes are never on two pages.
        var length = BinaryPrimitives.ReadUInt32LittleEndian(segment[position..]);
        return length == 0 ? !segment[position..end].ContainsAnyExcept((byte)0) : EndOf(position, length) > end;
    }

    private static long EndOf(long position, long length)
    {
        while (true)
        {
            var left = PageSize - (position % PageSize);
            if (length <= left)
            {
                return position + length;
            }

            length -= left;
            position += left + PageHeader;
        }
    }

    private static int SkipHeader(int position) =>
        position % PageSize != 0 ? position : position + (position == 0 ? LongPageHeader : PageHeader);
}
