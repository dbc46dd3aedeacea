using BackupFunctions.Archive.Writing;
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
        _tar = new TarPackWriter(stored.AsStream());
    }

    public string ObjectName => _object.Name;

    /// <summary>Bytes of the files in it.</summary>
    public long ContentSize { get; private set; }

    public static async Task<OpenPack> CreateAsync(BackupObjects objects, CancellationToken cancellationToken) =>
        new(await objects.CreateDataAsync(cancellationToken));

    public async Task AddAsync(string name, ArraySegment<byte> bytes, CancellationToken cancellationToken)
    {
        await using var content = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        await _tar.AddAsync(name, content, cancellationToken);
        ContentSize += bytes.Count;
    }

    public async Task<ArchiveObjectResult> CompleteAsync(CancellationToken cancellationToken)
    {
        await _tar.DisposeAsync();
        return await _object.CompleteAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _object.DisposeAsync();
}
