using System.Runtime.InteropServices;
using System.Text;

namespace BackupFunctions.Postgres.Recovery.Tablespaces;

/// <summary>
/// A record on its way through pages and segments (xlogrecord.h, XLogRecord): length, transaction, position of the record before, info,
/// resource manager, checksum, and then headers of its data. In the byte order of this machine, as the server that replays it reads it.
/// </summary>
internal sealed class OpenRecord
{
    public const int HeaderSize = 24;

    /// <summary>Of the resource manager's number in the header; RM_TBLSPC_ID of rmgrlist.h, which only grows at its end.</summary>
    public const int ManagerOffset = 17;
    public const byte Tablespaces = 5;

    private const int PreviousOffset = 8;
    private const int InfoOffset = 16;

    /// <summary>The upper half of the info belongs to the resource manager (XLR_RMGR_INFO_MASK); dbcommands: XLOG_TBLSPC_CREATE and _DROP.</summary>
    private const int InfoMask = 0xF0;
    private const int Create = 0x00;
    private const int Drop = 0x10;

    private const byte ShortData = 255;
    private const byte LongData = 254;
    private const byte Origin = 253;
    private const byte TopTransaction = 252;

    /// <summary>More than a path can have (MAXPGPATH, 1024): what a longer record says is not read.</summary>
    private const int Most = 4096;

    private readonly ulong _start;
    private readonly byte[] _bytes;
    private int _known;

    /// <param name="start">Its first byte, a position.</param>
    /// <param name="length">Bytes, with the header.</param>
    public OpenRecord(ulong start, uint length)
        : this(start, length, new byte[Math.Min(length, Most)])
    {
    }

    private OpenRecord(ulong start, uint left, byte[] bytes) => (_start, Left, _bytes) = (start, left, bytes);

    /// <summary>Bytes that are still to come.</summary>
    public uint Left { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var kept = Math.Min(bytes.Length, _bytes.Length - _known);
        bytes[..kept].CopyTo(_bytes.AsSpan(_known));
        _known += kept;
        Left -= (uint)bytes.Length;
    }

    /// <summary>That grows by itself.</summary>
    public OpenRecord Copy() => new(_start, Left, [.. _bytes]) { _known = _known };

    /// <summary>Null: it makes no tablespace.</summary>
    public TablespaceRecord? Read() => _bytes[ManagerOffset] != Tablespaces || (_bytes[InfoOffset] & InfoMask) == Drop
        ? null
        : new TablespaceRecord(_start, MemoryMarshal.Read<ulong>(_bytes.AsSpan(PreviousOffset)), (_bytes[InfoOffset] & InfoMask) == Create ? Location() : null);

    /// <summary>xl_tblspc_create_rec: the tablespace's oid, and its location with a zero behind it.</summary>
    private string? Location()
    {
        if (_known < _bytes.Length || _bytes.Length == Most || Data() is not { Length: > sizeof(uint) } data)
        {
            return null;
        }

        var path = _bytes.AsSpan(data.Start + sizeof(uint), data.Length - sizeof(uint));
        return path[^1] == 0 && path.IndexOf((byte)0) == path.Length - 1 ? Encoding.UTF8.GetString(path[..^1]) : null;
    }

    /// <summary>The main data stands last; a record with pages in it is none that is known.</summary>
    private (int Start, int Length)? Data()
    {
        var at = HeaderSize;
        while (at + 1 < _known)
        {
            switch (_bytes[at])
            {
                case Origin:
                    at += 1 + sizeof(ushort);
                    break;
                case TopTransaction:
                    at += 1 + sizeof(uint);
                    break;
                case ShortData:
                    return Whole(at + 2, _bytes[at + 1]);
                case LongData when at + 1 + sizeof(uint) <= _known:
                    return Whole(at + 1 + sizeof(uint), MemoryMarshal.Read<uint>(_bytes.AsSpan(at + 1)));
                default:
                    return null;
            }
        }

        return null;
    }

    private (int Start, int Length)? Whole(int from, uint bytes) => from + (long)bytes == _known ? (from, (int)bytes) : null;
}
