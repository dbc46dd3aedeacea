using System.Buffers;
using System.Globalization;
using BackupFunctions.Postgres.Native;

namespace BackupFunctions.Postgres.Digests;

/// <summary>
/// Count and order-independent digest of rows in COPY text format: one line is one row, the line <c>\.</c> ends them. The digest is
/// the sum modulo 2^128 of the XXH3-128 of every line without its newline. Bytes may be cut anywhere; memory stays small however
/// long a line is.
/// </summary>
public sealed class CopyTextDigest : IDisposable
{
    /// <summary>A line's pieces up to this are put together and hashed at once; a longer line goes through a streaming state.</summary>
    private const int CarryLimit = 64 * 1024;

    private byte[]? _carry;
    private int _carried;
    private XxHash3State? _long;
    private bool _streaming;
    private bool _ended;
    private UInt128 _sum;

    public CopyTextDigest() => XxHash3.EnsureAvailable();

    public long Rows { get; private set; }

    /// <summary>32 hex digits.</summary>
    public string Hex => _sum.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>The end marker came. COPY TO STDOUT sends none, a dump's data file always ends with one.</summary>
    public bool HasEnded => _ended;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_ended)
        {
            return;
        }

        if (_carried > 0 || _streaming)
        {
            var end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                Carry(bytes);
                return;
            }

            FinishCarried(bytes[..end]);
            bytes = bytes[(end + 1)..];
        }

        var rest = AppendWholeLines(bytes);
        if (!_ended && !rest.IsEmpty)
        {
            Carry(rest);
        }
    }

    public void Dispose()
    {
        _long?.Dispose();
        if (_carry is not null)
        {
            ArrayPool<byte>.Shared.Return(_carry);
            _carry = null;
        }
    }

    private ReadOnlySpan<byte> AppendWholeLines(ReadOnlySpan<byte> bytes)
    {
        var sum = _sum;
        var rows = Rows;
        while (!_ended)
        {
            var end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            if (end == 2 && IsEndMarker(bytes))
            {
                _ended = true;
                break;
            }

            sum += XxHash3.Hash(bytes[..end]);
            rows++;
            bytes = bytes[(end + 1)..];
        }

        _sum = sum;
        Rows = rows;
        return bytes;
    }

    private void FinishCarried(ReadOnlySpan<byte> tail)
    {
        Carry(tail);
        if (_streaming)
        {
            _sum += _long!.Digest();
            _streaming = false;
            Rows++;
        }
        else if (_carried == 2 && IsEndMarker(_carry))
        {
            _ended = true;
        }
        else
        {
            _sum += XxHash3.Hash(_carry.AsSpan(0, _carried));
            Rows++;
        }

        _carried = 0;
    }

    private void Carry(ReadOnlySpan<byte> piece)
    {
        if (!_streaming && _carried + piece.Length <= CarryLimit)
        {
            _carry ??= ArrayPool<byte>.Shared.Rent(CarryLimit);
            piece.CopyTo(_carry.AsSpan(_carried));
            _carried += piece.Length;
            return;
        }

        if (!_streaming)
        {
            _long ??= new XxHash3State();
            _long.Reset(0);
            _long.Append(_carry.AsSpan(0, _carried));
            _carried = 0;
            _streaming = true;
        }

        _long!.Append(piece);
    }

    private static bool IsEndMarker(ReadOnlySpan<byte> line) => line[0] == '\\' && line[1] == '.';
}
