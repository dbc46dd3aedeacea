using System.Buffers;
using BackupFunctions.Postgres.Dump;

namespace BackupFunctions.Jobs.Backup;

/// <summary>One file of the dump on its way into objects: held back until it is known to be large.</summary>
internal sealed class PackedFile : IDumpFileSink, IAsyncDisposable
{
    private readonly DumpPacker _packer;
    private readonly string _name;
    private byte[]? _held = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _heldBytes;
    private BackupObject? _slice;
    private long _offset;

    public PackedFile(DumpPacker packer, string name)
    {
        _packer = packer;
        _name = name;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (_held is not null)
        {
            if (_heldBytes + data.Length <= DumpPacker.SmallFile)
            {
                Hold(data.Span);
                return;
            }

            var held = _held;
            _held = null;
            await WriteSlicesAsync(held.AsMemory(0, _heldBytes), cancellationToken);
            ArrayPool<byte>.Shared.Return(held);
        }

        await WriteSlicesAsync(data, cancellationToken);
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_held is { } held)
        {
            await _packer.AddSmallAsync(_name, new ArraySegment<byte>(held, 0, _heldBytes), cancellationToken);
        }
        else
        {
            await CloseSliceAsync(cancellationToken);
        }

        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _packer.Closed(this);
        if (_held is { } held)
        {
            _held = null;
            ArrayPool<byte>.Shared.Return(held);
        }

        if (_slice is { } slice)
        {
            _slice = null;
            await slice.DisposeAsync();
        }
    }

    private void Hold(ReadOnlySpan<byte> data)
    {
        if (_heldBytes + data.Length > _held!.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_held.Length * 2, _heldBytes + data.Length));
            _held.AsSpan(0, _heldBytes).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_held);
            _held = larger;
        }

        data.CopyTo(_held.AsSpan(_heldBytes));
        _heldBytes += data.Length;
    }

    private async Task WriteSlicesAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (!data.IsEmpty)
        {
            _slice ??= await _packer.CreateSliceAsync(cancellationToken);
            var take = (int)Math.Min(data.Length, DumpPacker.SliceSize - _slice.PlainSize);
            await _slice.WriteAsync(data[..take], cancellationToken);
            data = data[take..];
            if (_slice.PlainSize == DumpPacker.SliceSize)
            {
                await CloseSliceAsync(cancellationToken);
            }
        }
    }

    private async Task CloseSliceAsync(CancellationToken cancellationToken)
    {
        if (_slice is { } slice)
        {
            _slice = null;
            await using (slice)
            {
                var result = await slice.CompleteAsync(cancellationToken);
                _packer.AddSlice(slice.Name, _name, _offset, result);
                _offset += result.PlainSize;
            }
        }
    }
}
