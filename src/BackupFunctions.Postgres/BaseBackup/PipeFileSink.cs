using System.IO.Pipelines;
using BackupFunctions.Postgres.Dump;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>Hands a followed file on to a reader, who keeps it from running ahead.</summary>
internal sealed class PipeFileSink(PipeWriter writer) : IDumpFileSink
{
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => await writer.WriteAsync(bytes, cancellationToken);

    public ValueTask CompleteAsync(CancellationToken cancellationToken) => writer.CompleteAsync();
}
