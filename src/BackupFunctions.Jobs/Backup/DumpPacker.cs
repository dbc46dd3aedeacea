using System.Collections.Concurrent;
using BackupFunctions.Archive.Writing;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;

namespace BackupFunctions.Jobs.Backup;

/// <summary>
/// Turns the files of a dump into objects while they grow: a small file joins others in a tar, a large one is cut into slices of a fixed
/// size. Slices are what a restore fetches in parallel and what it need not fetch again.
/// </summary>
internal sealed class DumpPacker : IAsyncDisposable
{
    /// <summary>Bytes up to which a file is small.</summary>
    public const int SmallFile = 1 << 20;

    /// <summary>Bytes of plaintext in one tar of small files.</summary>
    public const int PackSize = 16 << 20;

    /// <summary>Bytes of plaintext in one slice of a large file.</summary>
    public const int SliceSize = 64 << 20;

    private readonly SemaphoreSlim _packing = new(1, 1);
    private readonly ConcurrentBag<ArchivePart> _parts = [];
    private readonly ConcurrentDictionary<PackedFile, byte> _open = [];
    private readonly BackupObjects _objects;
    private OpenPack? _pack;

    public DumpPacker(BackupObjects objects) => _objects = objects;

    /// <summary>In the order of their objects' names.</summary>
    public IReadOnlyList<ArchivePart> Parts => [.. _parts.OrderBy(part => part.ObjectName, StringComparer.Ordinal)];

    /// <summary>Takes one file of the dump; several may be open at once.</summary>
    public IDumpFileSink Open(string name)
    {
        var file = new PackedFile(this, name);
        _open.TryAdd(file, 0);
        return file;
    }

    /// <summary>Closes the last tar; call it when every file is complete.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await _packing.WaitAsync(cancellationToken);
        try
        {
            await ClosePackAsync(cancellationToken);
        }
        finally
        {
            _packing.Release();
        }
    }

    /// <summary>Files that a failed dump never completed leave nothing behind, at no target.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var file in _open.Keys)
        {
            await file.DisposeAsync();
        }

        if (_pack is { } open)
        {
            await open.DisposeAsync();
        }

        _packing.Dispose();
    }

    internal async Task AddSmallAsync(string name, ArraySegment<byte> bytes, CancellationToken cancellationToken)
    {
        await _packing.WaitAsync(cancellationToken);
        try
        {
            _pack ??= await OpenPack.CreateAsync(_objects, cancellationToken);
            await _pack.AddAsync(name, bytes, cancellationToken);
            if (_pack.ContentSize >= PackSize)
            {
                await ClosePackAsync(cancellationToken);
            }
        }
        finally
        {
            _packing.Release();
        }
    }

    internal void Closed(PackedFile file) => _open.TryRemove(file, out _);

    internal Task<BackupObject> CreateSliceAsync(CancellationToken cancellationToken) => _objects.CreateDataAsync(cancellationToken);

    internal void AddSlice(string objectName, string path, long offset, ArchiveObjectResult result) =>
        _parts.Add(new ArchivePart(objectName, ArchivePart.Slice, path, offset, result.PlainSize, result.PlainSha256));

    private async Task ClosePackAsync(CancellationToken cancellationToken)
    {
        if (_pack is { } open)
        {
            _pack = null;
            await using (open)
            {
                var result = await open.CompleteAsync(cancellationToken);
                _parts.Add(new ArchivePart(open.ObjectName, ArchivePart.Tar, Path: null, Offset: 0, result.PlainSize, result.PlainSha256));
            }
        }
    }
}
