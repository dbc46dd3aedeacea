using System.Security.Cryptography;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Tests.Verify;

namespace BackupFunctions.Jobs.Tests.Wal.Upkeep;

/// <summary>Log of random bytes with signed epochs and inventories on the folders of a site, a day old by its clock.</summary>
internal sealed class LogFolders(IntegritySite site)
{
    public const string System = "7301234567890123456";
    public const string Epoch = "20260501T020000000Z-00000001";
    public const int Size = 16 << 20;

    /// <summary>By key, as they have to be.</summary>
    public Dictionary<string, byte[]> Written { get; } = new(StringComparer.Ordinal);

    public TimeSpan Age { get; set; } = TimeSpan.FromDays(1);

    /// <param name="number">Of the segment, from 1.</param>
    /// <param name="on">Targets; none: all.</param>
    /// <returns>Its key.</returns>
    public string PutSegment(int number, params string[] on) => Put(sha => WalObjectName.Segment(WalSegmentName.Of(1, (ulong)number * Size, Size), Epoch, sha), on);

    public string PutPartial(int number, int length, params string[] on) =>
        Put(sha => WalObjectName.Partial(WalSegmentName.Of(1, (ulong)number * Size, Size), ((ulong)number * Size) + (ulong)length, Epoch, sha), on);

    public string PutHistory(params string[] on) => Put(sha => WalObjectName.History(1, Epoch, sha), on);

    public IReadOnlyList<string> PutEpoch(params string[] on)
    {
        using var key = site.Signer;
        var document = WalEpochCodec.Write(
            new WalEpoch
            {
                Format = WalEpoch.CurrentFormat,
                Cluster = IntegritySite.Cluster,
                EpochId = Epoch,
                SystemIdentifier = System,
                StartedAt = site.Clock.GetUtcNow(),
                ServerVersionNumber = 150020,
                Timeline = 1,
                StartLsn = "0/1000000",
                SegmentSize = Size,
                Compression = "zstd",
                Encryption = Manifest.Aes256GcmHkdf1Mb,
                Recipients = [new KeyEnvelope("rsa", new string('a', 64), "RSA-OAEP-256", "AAAA", "operational")],
                SignedBy = key.KeyId,
            },
            key);
        return Put(StorageKeys.WalEpoch(IntegritySite.Cluster, System, Epoch), StorageKeys.WalEpochSignature(IntegritySite.Cluster, System, Epoch), document, on);
    }

    /// <param name="end">In segments: up to which the log was archived.</param>
    /// <param name="listed">Keys of the segments and histories that it lists.</param>
    /// <param name="on">Targets; none: all.</param>
    public IReadOnlyList<string> PutInventory(int end, IEnumerable<string> listed, params string[] on)
    {
        using var key = site.Signer;
        var inventory = new WalInventory
        {
            Format = WalInventory.CurrentFormat,
            Cluster = IntegritySite.Cluster,
            SystemIdentifier = System,
            Timeline = 1,
            EpochId = Epoch,
            Sequence = 1,
            WrittenAt = site.Clock.GetUtcNow(),
            EndLsn = Lsn.Format((ulong)end * Size),
            Objects = [.. listed.Select(Describe)],
            SignedBy = key.KeyId,
        };
        var name = WalInventoryCodec.NameOf(inventory);
        return Put(
            StorageKeys.WalInventory(IntegritySite.Cluster, System, 1, name), StorageKeys.WalInventorySignature(IntegritySite.Cluster, System, 1, name),
            WalInventoryCodec.Write(inventory, key), on);
    }

    public bool Has(string target, string key) => File.Exists(site.PathOf(target, key));

    public bool IsGood(string target, string key) => Has(target, key) && File.ReadAllBytes(site.PathOf(target, key)).AsSpan().SequenceEqual(Written[key]);

    public void Flip(string target, string key)
    {
        var bytes = File.ReadAllBytes(site.PathOf(target, key));
        bytes[bytes.Length / 2] ^= 1;
        Write(target, key, bytes);
    }

    private WalInventoryObject Describe(string key)
    {
        WalObjectName.TryParse(key.AsSpan(key.LastIndexOf('/') + 1), out var name).ShouldBeTrue();
        var (form, start, end) = name!.IsHistory ? (WalObjectForm.History, (ulong)Size, (ulong)Size) : (WalObjectForm.Segment, WalSegmentName.StartOf(name.File, Size), WalSegmentName.StartOf(name.File, Size) + Size);
        return new WalInventoryObject(name.File, form, Lsn.Format(start), Lsn.Format(end), Written[key].Length, Convert.ToHexStringLower(SHA256.HashData(Written[key])));
    }

    private string Put(Func<string, WalObjectName> nameOf, string[] on)
    {
        var bytes = RandomNumberGenerator.GetBytes(20_000);
        var key = StorageKeys.WalObject(IntegritySite.Cluster, System, nameOf(Convert.ToHexStringLower(SHA256.HashData(bytes))));
        Put(key, bytes, on);
        return key;
    }

    private string[] Put(string key, string signatureKey, SignedDocument document, string[] on)
    {
        Put(key, document.Json, on);
        Put(signatureKey, document.Signature, on);
        return [key, signatureKey];
    }

    private void Put(string key, byte[] bytes, string[] on)
    {
        Written[key] = bytes;
        foreach (var target in on is [] ? IntegritySite.Names : on)
        {
            Write(target, key, bytes);
        }
    }

    private void Write(string target, string key, byte[] bytes)
    {
        site.Write(target, key, bytes);
        File.SetLastWriteTimeUtc(site.PathOf(target, key), (site.Clock.GetUtcNow() - Age).UtcDateTime);
    }
}
