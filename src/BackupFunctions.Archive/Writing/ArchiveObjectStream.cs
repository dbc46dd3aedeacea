using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Archive.Writing;

internal sealed class ArchiveObjectStream(ArchiveObjectWriter writer) : AsyncWriteStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        writer.WriteAsync(buffer, cancellationToken);
}
