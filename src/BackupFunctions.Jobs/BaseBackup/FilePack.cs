using System.Buffers;

namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>Small files held until they fill an object.</summary>
internal sealed class FilePack : IDisposable
{
    /// <summary>Bytes.</summary>
    public const int Size = 8 << 20;

    /// <summary>Empty files take a header each.</summary>
    private const int MostFiles = 16 * 1024;

    private readonly List<(string Path, int Offset, int Count)> _files = [];
    private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(Size);
    private int _end;

    public IEnumerable<(string Path, ArraySegment<byte> Bytes)> Files =>
        _files.Select(file => (file.Path, new ArraySegment<byte>(_bytes!, file.Offset, file.Count)));

    public bool Fits(long bytes) => _files.Count < MostFiles && bytes <= Size - _end;

    public async Task AddAsync(string path, Stream content, int bytes, CancellationToken cancellationToken)
    {
        await content.ReadExactlyAsync(_bytes.AsMemory(_end, bytes), cancellationToken);
        _files.Add((path, _end, bytes));
        _end += bytes;
    }

    public void Dispose()
    {
        if (_bytes is { } bytes)
        {
            _bytes = null;
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
