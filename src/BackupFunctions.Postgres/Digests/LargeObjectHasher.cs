using BackupFunctions.Postgres.Native;

namespace BackupFunctions.Postgres.Digests;

/// <summary>
/// Hash of one large object: blocks of 256 KiB (the last one shorter, one empty block for an empty object), each XXH3-128 with the
/// seed <c>oid &lt;&lt; 32 | block index</c>, summed modulo 2^128. The sums of several objects are added to one digest.
/// </summary>
internal sealed class LargeObjectHasher : IDisposable
{
    public const int BlockSize = 256 * 1024;

    private readonly XxHash3State _state = new();
    private readonly uint _oid;
    private uint _block;
    private int _inBlock;

    public LargeObjectHasher(uint oid)
    {
        _oid = oid;
        _state.Reset(Seed);
    }

    /// <summary>After <see cref="Complete"/>.</summary>
    public UInt128 Sum { get; private set; }

    public long Bytes { get; private set; }

    private ulong Seed => ((ulong)_oid << 32) | _block;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_inBlock == BlockSize)
            {
                NextBlock();
            }

            var piece = bytes[..Math.Min(bytes.Length, BlockSize - _inBlock)];
            _state.Append(piece);
            _inBlock += piece.Length;
            bytes = bytes[piece.Length..];
        }
    }

    public void Complete() => Sum += _state.Digest();

    public void Dispose() => _state.Dispose();

    private void NextBlock()
    {
        Sum += _state.Digest();
        _block++;
        _inBlock = 0;
        _state.Reset(Seed);
    }
}
