namespace BackupFunctions.Postgres.Dump;

/// <summary>Takes one file of the dump folder: its bytes in order, then the end. Never completed when the dump fails.</summary>
public interface IDumpFileSink
{
    /// <summary>The memory is only valid until the returned task ends.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    ValueTask CompleteAsync(CancellationToken cancellationToken);
}
