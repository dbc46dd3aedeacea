using System.Buffers.Binary;
using System.Text;
using BackupFunctions.Postgres.Recovery;

namespace BackupFunctions.Postgres.Tests.Recovery.Tablespaces;

/// <summary>Segments of one page, far behind every base backup, with one record.</summary>
internal sealed class MadeLog : IWalSource
{
    public const string Segment = "0000000100000FFF00000001";
    public const string NextSegment = "0000000100000FFF00000002";

    private const ulong Address = 0x0FFF_0000_0100_0000;
    private const int PageSize = 8192;
    private const int HeaderSize = 40;

    private readonly Dictionary<string, byte[]> _segments;

    private MadeLog(Dictionary<string, byte[]> segments) => _segments = segments;

    public byte[] Bytes => _segments[Segment];

    public static MadeLog CreateTablespace(string location) => With(Record(0x00, Data(location)));

    public static MadeLog DropTablespace() => With(Record(0x10, [255, 4, 1, 2, 3, 4]));

    /// <summary>Of a kind that no version knows.</summary>
    public static MadeLog Unreadable() => With(Record(0x20, [255, 4, 1, 2, 3, 4]));

    /// <summary>Its first eight bytes stand at the end of the first segment; another record is before it.</summary>
    public static MadeLog CreateTablespaceAcrossSegments(string location)
    {
        var record = Record(0x00, Data(location));
        var (first, second) = (Page(Address), Page(Address + PageSize));
        var filler = Record(0x00, new byte[PageSize - HeaderSize - 24 - 8]);
        filler[17] = 10;
        filler.CopyTo(first, HeaderSize);
        record.AsSpan(0, 8).CopyTo(first.AsSpan(PageSize - 8));
        BinaryPrimitives.WriteUInt16LittleEndian(second.AsSpan(2), 3);
        BinaryPrimitives.WriteUInt32LittleEndian(second.AsSpan(16), (uint)(record.Length - 8));
        record.AsSpan(8).CopyTo(second.AsSpan(HeaderSize));
        return new MadeLog(new(StringComparer.Ordinal) { [Segment] = first, [NextSegment] = second });
    }

    public async Task<bool> FetchAsync(string file, string destination, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(destination, _segments[file], cancellationToken);
        return true;
    }

    private static MadeLog With(byte[] record)
    {
        var page = Page(Address);
        record.CopyTo(page, HeaderSize);
        return new MadeLog(new(StringComparer.Ordinal) { [Segment] = page });
    }

    private static byte[] Page(ulong address)
    {
        var page = new byte[PageSize];
        BinaryPrimitives.WriteUInt16LittleEndian(page, 0xD110);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(2), 2);
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(8), address);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(32), 16 << 20);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(36), PageSize);
        return page;
    }

    private static byte[] Record(byte info, byte[] data)
    {
        var record = new byte[24 + data.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)record.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(8), Address - 40);
        record[16] = info;
        record[17] = 5;
        data.CopyTo(record, 24);
        return record;
    }

    private static byte[] Data(string location)
    {
        var path = Encoding.UTF8.GetBytes(location + '\0');
        return [255, (byte)(4 + path.Length), 1, 2, 3, 4, .. path];
    }
}
