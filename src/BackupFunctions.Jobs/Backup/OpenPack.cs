using BackupFunctions.Archive;
using BackupFunctions.Archive.Packing;

namespace BackupFunctions.Jobs.Backup;

/// <summary>The tar of small files that is being filled.</summary>
internal sealed class OpenPack : IAsyncDisposable
{
    private readonly BackupObject _object;
    private readonly TarPackWriter _tar;

    private OpenPack(BackupObject stored)
    {
        _object = stored;
        _tar = new TarPackWriter(stored.WriteAsync);
    }

    public string ObjectName => _object.Name;

    public long PlainSize => _object.PlainSize;

    public static async Task<OpenPack> CreateAsync(BackupObjects objects, CancellationToken cancellationToken) =>
        new(await objects.CreateDataAsync(cancellationToken));

    public Task AddAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _tar.AddAsync(name, bytes, cancellationToken);

    public async Task<ArchiveObjectResult> CompleteAsync(CancellationToken cancellationToken)
    {
        await _tar.CompleteAsync(cancellationToken);
        return await _object.CompleteAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _object.DisposeAsync();
}
