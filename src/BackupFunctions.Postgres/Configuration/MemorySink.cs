using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Dump;

namespace BackupFunctions.Postgres.Configuration;

/// <summary>Keeps a document of limited size.</summary>
internal sealed class MemorySink(long limit) : IDumpFileSink
{
    private readonly System.Buffers.ArrayBufferWriter<byte> _content = new();

    public ReadOnlyMemory<byte> Content => _content.WrittenMemory;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_content.WrittenCount + bytes.Length > limit)
        {
            throw new PgdrException(
                ErrorCodes.ToolFailed, $"The server's roles take more than {limit >> 20} MiB of SQL, which is more than a configuration holds; full backups have them, too.");
        }

        System.Buffers.BuffersExtensions.Write(_content, bytes.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
