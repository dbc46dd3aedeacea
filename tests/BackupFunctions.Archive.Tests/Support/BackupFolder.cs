using System.Security.Cryptography;
using System.Text.Json;
using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Packing;
using BackupFunctions.Archive.RecoveryKit;
using BackupFunctions.Archive.Writing;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Archive.Tests.Support;

/// <summary>
/// A backup as it lies in a target, the recovery kit and the keys, in one temporary folder: backup/, kit/, recovery.json,
/// recovery.private.pem, signing.public.pem.
/// </summary>
internal sealed class BackupFolder : IDisposable
{
    private const string GlobalsName = "globals.tink";

    private readonly TemporaryFolder _folder = new();
    private readonly DataKey _key = DataKey.Create();
    private readonly List<ManifestObject> _objects = [];
    private readonly List<ArchivePart> _parts = [];
    private readonly CompressionOptions _compression;

    private BackupFolder(CompressionMethod method) => _compression = new CompressionOptions(method, 1);

    public string Path => _folder.Path;

    /// <summary>What the dump folder has to hold after it was opened.</summary>
    public Dictionary<string, byte[]> Dump { get; } = new(StringComparer.Ordinal)
    {
        ["toc.dat"] = Bytes.Random(3000, seed: 1),
        ["empty.dat"] = [],
        ["3401.dat"] = Bytes.CopyText(5000),
        ["3402.dat"] = Bytes.CopyText(90_000),
        ["34|03.dat"] = Bytes.Random(5_000_000, seed: 2),
        ["nested/3404.dat"] = Bytes.CopyText(1_000_000),
    };

    /// <summary>An object that no part of the dump names.</summary>
    public byte[] Globals { get; } = Bytes.CopyText(300);

    public static async Task<BackupFolder> CreateAsync(CompressionMethod method, Func<ArchivePart, ArchivePart>? change = null)
    {
        var backup = new BackupFolder(method);
        Directory.CreateDirectory(backup._folder["backup/data"]);
        await backup.WritePacksAsync();
        await backup.WriteSlicesAsync("34|03.dat", sliceSize: 2_000_000);
        await backup.WriteSlicesAsync("nested/3404.dat", sliceSize: 1_000_000);
        await backup.WriteObjectAsync(GlobalsName, "globals", stream => stream.WriteAsync(backup.Globals).AsTask());
        // Not through ContentsCodec, which would refuse a hostile path.
        await backup.WriteObjectAsync(ObjectNames.Contents, "contents", stream => JsonSerializer.SerializeAsync(
            stream, TestContents.Create([.. backup._parts.Select(change ?? (part => part))]), ContractJson.Options));
        await backup.SignManifestAsync(manifest => manifest);
        await backup.WriteKitAndKeysAsync();
        return backup;
    }

    public string this[string name] => _folder[name];

    /// <summary>Signs the manifest again after a change: damage that only hashes or tags can find.</summary>
    public async Task SignManifestAsync(Func<Manifest, Manifest> change)
    {
        using var signer = TestKeys.SigningKey;
        var recipients = new[] { TestKeys.OperationalRecipient.Wrap(_key), TestKeys.RecoveryRecipient.Wrap(_key) };
        var (json, signature) = ManifestCodec.Write(
            change(TestManifests.Create(signer, _objects, recipients, _compression.Name)), signer);
        await File.WriteAllBytesAsync(_folder["backup/manifest.json"], json);
        await File.WriteAllBytesAsync(_folder["backup/manifest.sig"], signature);
    }

    /// <summary>Wraps the data key for one more recipient, as a key rotation does.</summary>
    public async Task WriteRewrappedAsync(RecipientKey recipient)
    {
        using var signer = TestKeys.SigningKey;
        var statement = new Statement
        {
            Format = Statement.CurrentFormat,
            BackupId = TestManifests.BackupId,
            Cluster = TestManifests.Cluster,
            Kind = StatementKind.Rewrapped,
            At = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
            ManifestSha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(_folder["backup/manifest.json"]))),
            Recipients = [recipient.Wrap(_key)],
            SignedBy = signer.KeyId,
        };
        var (json, signature) = StatementCodec.Write(statement, signer);
        await File.WriteAllBytesAsync(_folder["rewrapped.json"], json);
        await File.WriteAllBytesAsync(_folder["rewrapped.sig"], signature);
    }

    public async Task ShouldHaveOpenedToAsync(string dump)
    {
        Directory.GetFiles(dump, "*", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(dump, file))
            .ShouldBe(Dump.Keys, ignoreOrder: true);
        foreach (var (name, bytes) in Dump)
        {
            (await File.ReadAllBytesAsync(System.IO.Path.Combine(dump, name))).ShouldEqual(bytes);
        }

        (await File.ReadAllBytesAsync(System.IO.Path.Combine(dump, "../other/globals"))).ShouldEqual(Globals);
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    private async Task WritePacksAsync()
    {
        foreach (var names in new[] { new[] { "toc.dat", "empty.dat" }, ["3401.dat", "3402.dat"] })
        {
            var name = ObjectNames.Data(_objects.Count + 1);
            var result = await WriteObjectAsync(name, "data", async stream =>
            {
                await using var pack = new TarPackWriter(stream);
                foreach (var file in names)
                {
                    await pack.AddAsync(file, new MemoryStream(Dump[file]), CancellationToken.None);
                }
            });
            _parts.Add(new ArchivePart(name, ArchivePart.Tar, null, 0, result.PlainSize, result.PlainSha256));
        }
    }

    private async Task WriteSlicesAsync(string file, int sliceSize)
    {
        var bytes = Dump[file];
        for (var offset = 0; offset < bytes.Length; offset += sliceSize)
        {
            var name = ObjectNames.Data(_objects.Count + 1);
            var slice = bytes.AsMemory(offset, Math.Min(sliceSize, bytes.Length - offset));
            var result = await WriteObjectAsync(name, "data", stream => stream.WriteAsync(slice).AsTask());
            _parts.Insert(0, new ArchivePart(name, ArchivePart.Slice, file, offset, result.PlainSize, result.PlainSha256));
        }
    }

    private async Task<ArchiveObjectResult> WriteObjectAsync(string name, string role, Func<Stream, Task> write)
    {
        var aad = ArchiveAad.ForObject(TestManifests.Cluster, TestManifests.BackupId, name);
        await using var file = File.Create(_folder[$"backup/{name}"]);
        await using var writer = ArchiveObjectWriter.Create(_key, aad, _compression, file.WriteAsync);
        await write(writer.AsStream());
        var result = await writer.CompleteAsync(CancellationToken.None);
        _objects.Add(new ManifestObject(name, role, result.Size, result.Sha256, aad));
        return result;
    }

    private async Task WriteKitAndKeysAsync()
    {
        Directory.CreateDirectory(_folder["kit"]);
        var signingPublic = TestKeys.Signing.ExportSubjectPublicKeyInfoPem();
        foreach (var (name, bytes) in RecoveryKitFiles.All(signingPublic))
        {
            await File.WriteAllBytesAsync(_folder[$"kit/{name}"], bytes);
        }

        var recoveryPrivate = TestKeys.Recovery.ExportPkcs8PrivateKeyPem();
        new RecoveryFile { Format = RecoveryFile.CurrentFormat, RecoveryPrivateKey = recoveryPrivate, VerificationKeys = [signingPublic] }
            .Write(_folder["recovery.json"]);
        await File.WriteAllTextAsync(_folder["recovery.private.pem"], recoveryPrivate);
        await File.WriteAllTextAsync(_folder["signing.public.pem"], signingPublic);
    }
}
