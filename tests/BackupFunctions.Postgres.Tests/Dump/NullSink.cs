using BackupFunctions.Postgres.Dump;

namespace BackupFunctions.Postgres.Tests.Dump;

internal sealed class NullSink : IDumpFileSink
{
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => default;

    public ValueTask CompleteAsync(CancellationToken cancellationToken) => default;
}
