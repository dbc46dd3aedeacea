using BackupFunctions.Postgres.Dump;

namespace BackupFunctions.Postgres.Tests.Dump;

internal sealed class FailingSink : IDumpFileSink
{
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => throw new InvalidDataException("target gone");

    public ValueTask CompleteAsync(CancellationToken cancellationToken) => default;
}
