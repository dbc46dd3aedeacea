using System.Buffers;
using System.Collections.Concurrent;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Packing;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Postgres.BaseBackup;

namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>
/// Turns a base backup into objects while it streams by, as <see cref="DumpPacker"/> does with a dump: small files share a tar, large ones
/// are cut into slices, several objects are written at once. pg_control is an object of its own: a restore writes it last.
/// </summary>
internal sealed class BasePacker : IBaseBackupSink, IAsyncDisposable
{
    public const string ManifestRole = "backup-manifest";

    private const string ManifestObjectName = "backup_manifest.tink";

    private readonly ConcurrentBag<ArchivePart> _parts = [];
    private readonly BackupObjects _objects;
    private readonly IJobReporter _reporter;
    private readonly ObjectPipeline _pipeline;
    private readonly BaseTree _tree = new();
    private readonly Stream _manifestCopy;
    private FilePack? _pack;

    /// <param name="objects">Where everything goes.</param>
    /// <param name="reporter">Learns of bytes.</param>
    /// <param name="processors">Objects at once.</param>
    /// <param name="manifestCopy">Takes the server's backup_manifest, too.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public BasePacker(BackupObjects objects, IJobReporter reporter, int processors, Stream manifestCopy, CancellationToken cancellationToken) =>
        (_objects, _reporter, _pipeline, _manifestCopy) = (objects, reporter, new ObjectPipeline(processors, cancellationToken), manifestCopy);

    public void Directory(string path, UnixFileMode mode) => _tree.AddDirectory(path, mode);

    public async Task FileAsync(string path, UnixFileMode mode, long length, Stream content, CancellationToken cancellationToken)
    {
        _tree.AddFile(path, mode, length);
        if (length > DumpPacker.SmallFile || path is BasePaths.ControlFile || !TarPackWriter.IsNestedName(path))
        {
            await SliceAsync(path, length, content, cancellationToken);
            return;
        }

        if (_pack?.Fits(length) == false)
        {
            await ClosePackAsync();
        }

        _pack ??= new FilePack();
        await _pack.AddAsync(path, content, (int)length, cancellationToken);
    }

    /// <summary>Kept as its bytes: it is what pg_verifybackup checks a restore by.</summary>
    public async Task ManifestAsync(Stream content, CancellationToken cancellationToken)
    {
        await using var stored = await _objects.CreateAsync(ManifestObjectName, ManifestRole, cancellationToken);
        var block = ArrayPool<byte>.Shared.Rent(ObjectPipeline.BlockSize);
        try
        {
            int read;
            while ((read = await content.ReadAsync(block, cancellationToken)) > 0)
            {
                await stored.WriteAsync(block.AsMemory(0, read), cancellationToken);
                await _manifestCopy.WriteAsync(block.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        await stored.CompleteAsync(cancellationToken);
    }

    /// <summary>Waits for every object; call it when the backup is over.</summary>
    /// <param name="tablespaces">Locations by oid.</param>
    public async Task<BaseContents> FinishAsync(IReadOnlyDictionary<long, string> tablespaces)
    {
        await ClosePackAsync();
        await _pipeline.FinishAsync();
        return _tree.Describe([.. _parts.OrderBy(part => part.ObjectName, StringComparer.Ordinal)], tablespaces);
    }

    /// <summary>What a failed backup had begun leaves nothing behind, at no target.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        _pack?.Dispose();
    }

    private async Task SliceAsync(string path, long length, Stream content, CancellationToken cancellationToken)
    {
        long offset = 0;
        do
        {
            var (start, bytes) = (offset, Math.Min(DumpPacker.SliceSize, length - offset));
            var queue = new SliceQueue(_pipeline);
            await _pipeline.StartAsync(token => WriteSliceAsync(path, start, queue, token));
            await queue.FillAsync(content, bytes, cancellationToken);
            offset += bytes;
        }
        while (offset < length);
    }

    private async Task WriteSliceAsync(string path, long offset, SliceQueue queue, CancellationToken cancellationToken)
    {
        await using var stored = await _objects.CreateDataAsync(cancellationToken);
        await queue.WriteToAsync(stored, _reporter.AddBytes, cancellationToken);
        var result = await stored.CompleteAsync(cancellationToken);
        _parts.Add(new ArchivePart(stored.Name, ArchivePart.Slice, path, offset, result.PlainSize, result.PlainSha256));
    }

    private async Task ClosePackAsync()
    {
        if (_pack is { } pack)
        {
            await _pipeline.StartAsync(token => WritePackAsync(pack, token));
            _pack = null;
        }
    }

    private async Task WritePackAsync(FilePack pack, CancellationToken cancellationToken)
    {
        using var taken = pack;
        await using var stored = await _objects.CreateDataAsync(cancellationToken);
        await using (var tar = new TarPackWriter(stored.AsStream(), nested: true))
        {
            foreach (var (path, bytes) in pack.Files)
            {
                await using var content = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
                await tar.AddAsync(path, content, cancellationToken);
                _reporter.AddBytes(bytes.Count);
            }
        }

        var result = await stored.CompleteAsync(cancellationToken);
        _parts.Add(new ArchivePart(stored.Name, ArchivePart.Tar, Path: null, Offset: 0, result.PlainSize, result.PlainSha256) { Files = [.. pack.Files.Select(file => file.Path)] });
    }
}
