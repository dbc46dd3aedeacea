using BackupFunctions.Postgres.Dump;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>One file of a dump that stays on this machine.</summary>
internal sealed class DumpFileWriter(string path) : IDumpFileSink, IAsyncDisposable
{
    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _file.WriteAsync(bytes, cancellationToken);

    public ValueTask CompleteAsync(CancellationToken cancellationToken) => _file.DisposeAsync();

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
