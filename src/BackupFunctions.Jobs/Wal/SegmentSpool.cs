using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Jobs.Wal;

/// <summary>One segment as it arrives: a file that is read while it grows, and is gone when disposed.</summary>
internal sealed class SegmentSpool : IDisposable
{
    private readonly FileStream _file;
    private readonly string _path;
    private readonly int _size;
    private long _length;

    public SegmentSpool(string folder, int timeline, ulong start, int segmentSize)
    {
        (Start, _size) = (start, segmentSize);
        Name = WalSegmentName.Of(timeline, start, segmentSize);
        _path = Path.Combine(folder, $"{Name}.{Guid.NewGuid():N}.wal");
        _file = new FileStream(_path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
    }

    /// <summary>As PostgreSQL calls it.</summary>
    public string Name { get; }

    /// <summary>Its first byte.</summary>
    public ulong Start { get; }

    /// <summary>Behind the last byte that has arrived.</summary>
    public ulong End => Start + (ulong)Volatile.Read(ref _length);

    public bool IsWhole => Volatile.Read(ref _length) == _size;

    /// <returns>Bytes taken: those up to the segment's end.</returns>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        var taken = (int)Math.Min(bytes.Length, _size - _length);
        _file.Write(bytes[..taken]);
        Volatile.Write(ref _length, _length + taken);
        return taken;
    }

    /// <summary>The bytes up to a position that has arrived.</summary>
    public Stream OpenUntil(ulong end) =>
        new BoundedReadStream(new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous), (long)(end - Start));

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_path);
    }
}
