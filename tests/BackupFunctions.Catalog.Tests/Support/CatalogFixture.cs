using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Local;

namespace BackupFunctions.Catalog.Tests.Support;

/// <summary>Three targets, a, b and c, as folders; a catalog reads them in this order.</summary>
internal sealed class CatalogFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestKeys _keys;

    public CatalogFixture(TestKeys keys)
    {
        _keys = keys;
        Targets = [.. new[] { "a", "b", "c" }.Select(name => new LocalTarget(name, _folder[name]))];
        foreach (var target in Targets)
        {
            target.Prepare();
        }

        Catalog = With(Targets);
    }

    public IReadOnlyList<LocalTarget> Targets { get; }

    public StorageCatalog Catalog { get; }

    public StorageCatalog With(IEnumerable<IStorageTarget> targets) => new(Documents.Cluster, [.. targets], _keys.Pinned);

    public string PathOf(string target, string key) => Path.Combine(_folder[target], key);

    /// <summary>A disk that is not mounted.</summary>
    public void TakeAway(string target) => Directory.Move(_folder[target], _folder[target] + ".away");

    public void BringBack(string target) => Directory.Move(_folder[target] + ".away", _folder[target]);

    public void RemoveFolder(string targets, string backupId)
    {
        foreach (var target in targets)
        {
            Directory.Delete(PathOf(target.ToString(), StorageKeys.Backup(Documents.Cluster, backupId)), recursive: true);
        }
    }

    /// <returns>The manifest as it was stored on the targets.</returns>
    public SignedDocument PutBackup(string backupId, string targets, Func<Manifest, Manifest>? change = null, SigningKey? signer = null)
    {
        var key = signer ?? _keys.Own;
        var manifest = Documents.Manifest(backupId, key);
        var document = ManifestCodec.Write(change?.Invoke(manifest) ?? manifest, key);
        PutManifest(backupId, targets, document.Json, document.Signature);
        return document;
    }

    public void PutManifest(string backupId, string targets, byte[] json, byte[] signature)
    {
        Put(targets, StorageKeys.Manifest(Documents.Cluster, backupId), json);
        Put(targets, StorageKeys.ManifestSignature(Documents.Cluster, backupId), signature);
    }

    public void PutStatement(
        StatementKind kind, SignedDocument manifest, string backupId, string targets, int minute = 0, SigningKey? signer = null, bool forged = false,
        IReadOnlyList<string>? copies = null)
    {
        var key = signer ?? _keys.Own;
        var statement = Documents.Statement(kind, manifest, backupId, key, Documents.Start.AddMinutes(minute));
        statement = statement with { Copies = copies ?? statement.Copies };
        var document = StatementCodec.Write(statement, key);
        Put(targets, StorageKeys.Statement(statement), document.Json);
        Put(targets, StorageKeys.StatementSignature(statement), forged ? _keys.Foreign.Sign(document.Json) : document.Signature);
    }

    public void Put(string targets, string key, byte[] bytes)
    {
        foreach (var target in targets)
        {
            var path = PathOf(target.ToString(), key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
    }

    public void Dispose() => _folder.Dispose();
}
