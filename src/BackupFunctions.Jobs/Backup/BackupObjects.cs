using System.Collections.Concurrent;
using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Writing;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage.FanOut;

namespace BackupFunctions.Jobs.Backup;

/// <summary>Creates the encrypted objects of one backup on all targets at once and keeps what the manifest says of them.</summary>
internal sealed class BackupObjects
{
    private readonly ConcurrentBag<ManifestObject> _objects = [];
    private readonly FanOutSession _session;
    private readonly DataKey _key;
    private readonly CompressionOptions _compression;
    private readonly string _cluster;
    private readonly string _backupId;
    private int _count;
    private long _plainSize;

    public BackupObjects(FanOutSession session, DataKey key, CompressionOptions compression, string cluster, string backupId)
    {
        _session = session;
        _key = key;
        _compression = compression;
        _cluster = cluster;
        _backupId = backupId;
    }

    public IReadOnlyList<ManifestObject> Objects => [.. _objects.OrderBy(stored => stored.Name, StringComparer.Ordinal)];

    public long PlainSize => Interlocked.Read(ref _plainSize);

    public Task<BackupObject> CreateDataAsync(CancellationToken cancellationToken) =>
        CreateAsync(ObjectNames.Data(Interlocked.Increment(ref _count)), "data", cancellationToken);

    public async Task<BackupObject> CreateAsync(string name, string role, CancellationToken cancellationToken)
    {
        var aad = ArchiveAad.ForObject(_cluster, _backupId, name);
        var stored = await _session.CreateAsync(StorageKeys.Object(_cluster, _backupId, name), cancellationToken);
        return new BackupObject(name, role, aad, stored, ArchiveObjectWriter.Create(_key, aad, _compression, stored.WriteAsync), Add);
    }

    /// <summary>Last of all: what the other objects hold.</summary>
    public async Task WriteContentsAsync(Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        await using var contents = await CreateAsync(ObjectNames.Contents, "contents", cancellationToken);
        await write(contents.AsStream());
        await contents.CompleteAsync(cancellationToken);
    }

    private void Add(ManifestObject stored, long plainSize)
    {
        _objects.Add(stored);
        Interlocked.Add(ref _plainSize, plainSize);
    }
}
