using BackupFunctions.Archive.Writing;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Storage.FanOut;

namespace BackupFunctions.Jobs.Backup;

/// <summary>One object being written: plaintext in, ciphertext to every target. Disposed before it is complete, it never existed.</summary>
internal sealed class BackupObject : IDumpFileSink, IAsyncDisposable
{
    private readonly string _role;
    private readonly string _aad;
    private readonly FanOutObject _stored;
    private readonly ArchiveObjectWriter _writer;
    private readonly Action<ManifestObject, long> _completed;

    public BackupObject(
        string name, string role, string aad, FanOutObject stored, ArchiveObjectWriter writer, Action<ManifestObject, long> completed)
    {
        Name = name;
        _role = role;
        _aad = aad;
        _stored = stored;
        _writer = writer;
        _completed = completed;
    }

    public string Name { get; }

    /// <summary>Bytes taken by <see cref="WriteAsync"/> so far.</summary>
    public long PlainSize { get; private set; }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        PlainSize += data.Length;
        await _writer.WriteAsync(data, cancellationToken);
    }

    public Stream AsStream() => _writer.AsStream();

    public async Task<ArchiveObjectResult> CompleteAsync(CancellationToken cancellationToken)
    {
        var result = await _writer.CompleteAsync(cancellationToken);
        await _stored.CompleteAsync(cancellationToken);
        _completed(new ManifestObject(Name, _role, result.Size, result.Sha256, _aad), result.PlainSize);
        return result;
    }

    async ValueTask IDumpFileSink.CompleteAsync(CancellationToken cancellationToken) => await CompleteAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _stored.DisposeAsync();
    }
}
