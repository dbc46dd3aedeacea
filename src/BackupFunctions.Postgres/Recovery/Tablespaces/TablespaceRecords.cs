using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace BackupFunctions.Postgres.Recovery.Tablespaces;

/// <summary>
/// Finds records that make a tablespace in segments that a server is about to replay (xlog_internal.h for pages, xlogrecord.h for records).
/// It goes from record to record by their lengths and looks at one byte of each. It ends where the server would: at a page that is not the
/// next one, or a length that none has. What begins in one segment and ends in the next is known when that comes.
/// </summary>
internal sealed class TablespaceRecords
{
    private const int PageHeaderSize = 24;
    private const int LongPageHeaderSize = 40;
    private const ushort IsContinued = 0x0001;
    private const ushort HasLongHeader = 0x0002;
    private const int BlockSizeOffset = 36;
    private const int Alignment = 8;
    private const int LargestPage = 1 << 16;
    private const int ChunkSize = 1 << 20;

    /// <summary>By the position at which they go on; those alone that may make a tablespace.</summary>
    private readonly Dictionary<ulong, OpenRecord> _unfinished = [];
    private OpenRecord? _open;
    private int _pageSize;
    private ulong _segment;

    /// <param name="segment">A segment's file; the beginning of one, followed by zeros, will do.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<TablespaceRecord>> ReadAsync(string segment, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(segment, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: false);
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        var found = new List<TablespaceRecord>();
        try
        {
            _open = null;
            ulong? next = null;
            int read;
            while ((read = await file.ReadAtLeastAsync(chunk.AsMemory(0, ChunkSize), ChunkSize, throwOnEndOfStream: false, cancellationToken)) > 0)
            {
                next = Read(chunk.AsSpan(0, read), next, found);
                if (next is null)
                {
                    return found;
                }
            }

            if (_open is not null)
            {
                _unfinished[next!.Value] = _open;
            }

            return found;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <param name="bytes">Whole pages.</param>
    /// <param name="address">Of the first of them; null: it begins the segment, and says so.</param>
    /// <param name="found">Is added to.</param>
    /// <returns>Where the next page begins; null: the log ends before.</returns>
    private ulong? Read(ReadOnlySpan<byte> bytes, ulong? address, List<TablespaceRecord> found)
    {
        if (bytes.Length < LongPageHeaderSize)
        {
            return null;
        }

        var at = address ?? MemoryMarshal.Read<ulong>(bytes[8..]);
        if (address is null)
        {
            _pageSize = (int)MemoryMarshal.Read<uint>(bytes[BlockSizeOffset..]);
            _segment = at;
            // It stays known: the server may ask for this segment again.
            _open = _unfinished.GetValueOrDefault(at)?.Copy();
        }

        if (_pageSize is < 1024 or > LargestPage || !BitOperations.IsPow2(_pageSize))
        {
            return null;
        }

        for (; bytes.Length >= _pageSize; bytes = bytes[_pageSize..], at += (ulong)_pageSize)
        {
            if (!ReadPage(bytes[.._pageSize], at, found))
            {
                return null;
            }
        }

        return at;
    }

    /// <returns>False: the log ends on this page.</returns>
    private bool ReadPage(ReadOnlySpan<byte> page, ulong address, List<TablespaceRecord> found)
    {
        var info = MemoryMarshal.Read<ushort>(page[2..]);
        if (MemoryMarshal.Read<ushort>(page) == 0 || MemoryMarshal.Read<ulong>(page[8..]) != address)
        {
            return false;
        }

        var at = (info & HasLongHeader) != 0 ? LongPageHeaderSize : PageHeaderSize;
        if ((info & IsContinued) != 0)
        {
            at = Continue(page, at, MemoryMarshal.Read<uint>(page[16..]), found);
        }

        // A record that does not go on was given up (XLP_FIRST_IS_OVERWRITE_CONTRECORD).
        _open = at < page.Length ? null : _open;
        while (at < page.Length)
        {
            var length = MemoryMarshal.Read<uint>(page[at..]);
            if (length < OpenRecord.HeaderSize)
            {
                return false;
            }

            var here = (int)Math.Min(length, (uint)(page.Length - at));
            if (here < OpenRecord.HeaderSize || page[at + OpenRecord.ManagerOffset] == OpenRecord.Tablespaces)
            {
                _open = new OpenRecord(address + (ulong)at, length);
                Add(page.Slice(at, here), found);
            }

            at += (here + Alignment - 1) / Alignment * Alignment;
        }

        return true;
    }

    /// <returns>Behind the rest of the record that began before.</returns>
    private int Continue(ReadOnlySpan<byte> page, int at, uint rest, List<TablespaceRecord> found)
    {
        var here = (int)Math.Min(rest, (uint)(page.Length - at));
        if (_open is { } open && open.Left == rest)
        {
            Add(page.Slice(at, here), found);
        }
        else
        {
            _open = null;
        }

        return at + ((here + Alignment - 1) / Alignment * Alignment);
    }

    private void Add(ReadOnlySpan<byte> bytes, List<TablespaceRecord> found)
    {
        _open!.Add(bytes);
        if (_open.Left == 0)
        {
            if (_open.Read() is { } record)
            {
                found.Add(record with { Offset = (long)(record.Lsn - _segment) });
            }

            _open = null;
        }
    }
}
