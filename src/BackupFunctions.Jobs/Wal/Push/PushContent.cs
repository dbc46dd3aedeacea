using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>What is archived of a file: all of it, or of a timeline's last segment what belongs to the timeline.</summary>
internal sealed class PushContent : IAsyncDisposable
{
    private PushContent(HashingReadStream stream, ulong start, ulong end, int segmentSize) =>
        (Stream, Start, End, SegmentSize) = (stream, start, end, segmentSize);

    public HashingReadStream Stream { get; }

    /// <summary>Position of its first byte.</summary>
    public ulong Start { get; }

    /// <summary>Behind its last byte.</summary>
    public ulong End { get; }

    public int SegmentSize { get; }

    /// <exception cref="Contracts.PgdrException">object.damaged: it is not what its name says; wal.missing: where its timeline ended is not known.</exception>
    public static PushContent Open(PushFile file, ServerFiles server)
    {
        if (file.Form is PushForm.History or PushForm.BackupHistory)
        {
            var size = server.SegmentSize();
            var at = file.Form == PushForm.History ? 0 : WalSegmentName.StartOf(file.Segment, size);
            return new PushContent(new HashingReadStream(Read(file)), at, at, size);
        }

        var segmentSize = SegmentHeader.Read(file, server.SystemIdentifier);
        var start = WalSegmentName.StartOf(file.Segment, segmentSize);
        var whole = start + (ulong)segmentSize;
        var end = file.Form == PushForm.Segment ? whole : Math.Clamp(server.EndOf(file.Timeline), start, whole);
        return new PushContent(new HashingReadStream(new BoundedReadStream(Read(file), (long)(end - start))), start, end, segmentSize);
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    private static FileStream Read(PushFile file) =>
        new(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
}
