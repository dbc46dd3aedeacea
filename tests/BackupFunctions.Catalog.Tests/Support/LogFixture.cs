using System.Globalization;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests.Support;

/// <summary>Stored log of one server on the targets of a <see cref="CatalogFixture"/>: real documents, segments of a byte.</summary>
internal sealed class LogFixture(CatalogFixture storage, TestKeys keys)
{
    public const string System = "7301234567890123456";
    public const ulong Size = 16 << 20;

    private readonly Dictionary<string, (int Sequence, string Sha256)> _last = new(StringComparer.Ordinal);

    public static string Epoch(int number) => string.Create(CultureInfo.InvariantCulture, $"20261121T02{number:D7}Z-9f3c01ab");

    public static string Hash(char digit) => new(digit, 64);

    public static WalInventoryObject Listed(int segment, char hash, int timeline = 1) => new(
        WalSegmentName.Of(timeline, (ulong)segment * Size, (int)Size), WalObjectForm.Segment, Lsn.Format((ulong)segment * Size), Lsn.Format((ulong)(segment + 1) * Size), 1, Hash(hash));

    public static WalObjectName Segment(int segment, string epoch, char hash, int timeline = 1) =>
        WalObjectName.Segment(WalSegmentName.Of(timeline, (ulong)segment * Size, (int)Size), epoch, Hash(hash));

    public Task<StoredLog> ReadAsync() => StoredLog.ReadAsync(Documents.Cluster, System, storage.Targets, requiredCopies: 1, keys.Pinned, CancellationToken.None);

    public void PutEpoch(string id, int timeline = 1, params WalAncestor[] ancestors)
    {
        var document = WalEpochCodec.Write(
            new WalEpoch
            {
                Format = WalEpoch.CurrentFormat,
                Cluster = Documents.Cluster,
                EpochId = id,
                SystemIdentifier = System,
                StartedAt = Documents.Start,
                ServerVersionNumber = 150020,
                Timeline = timeline,
                Ancestors = ancestors,
                StartLsn = "0/1000000",
                SegmentSize = (int)Size,
                Compression = "zstd",
                Encryption = Manifest.Aes256GcmHkdf1Mb,
                Recipients = [new KeyEnvelope("rsa", Hash('a'), "RSA-OAEP-256", "AAAA", "operational")],
                SignedBy = keys.Own.KeyId,
            },
            keys.Own);
        storage.Put("abc", StorageKeys.WalEpoch(Documents.Cluster, System, id), document.Json);
        storage.Put("abc", StorageKeys.WalEpochSignature(Documents.Cluster, System, id), document.Signature);
    }

    public void PutSegments(string epoch, int first, int last, int timeline = 1)
    {
        for (var segment = first; segment <= last; segment++)
        {
            Put(Segment(segment, epoch, 'a', timeline));
        }
    }

    public void Put(WalObjectName name) => storage.Put("abc", StorageKeys.WalObject(Documents.Cluster, System, name), [1]);

    /// <summary>The epoch's next one, chained to the one before.</summary>
    public WalInventoryName PutInventory(
        string epoch, ulong end, IReadOnlyList<WalInventoryObject>? objects = null, WalCoverage? covered = null, int timeline = 1, string targets = "abc", SigningKey? signer = null)
    {
        _last.TryGetValue(epoch, out var before);
        var key = signer ?? keys.Own;
        var inventory = new WalInventory
        {
            Format = WalInventory.CurrentFormat,
            Cluster = Documents.Cluster,
            SystemIdentifier = System,
            Timeline = timeline,
            EpochId = epoch,
            Sequence = before.Sequence + 1,
            PreviousSha256 = before.Sha256,
            WrittenAt = Documents.Start,
            EndLsn = Lsn.Format(end),
            Objects = objects ?? [],
            Covered = covered,
            SignedBy = key.KeyId,
        };
        var (name, document) = (WalInventoryCodec.NameOf(inventory), WalInventoryCodec.Write(inventory, key));
        storage.Put(targets, StorageKeys.WalInventory(Documents.Cluster, System, timeline, name), document.Json);
        storage.Put(targets, StorageKeys.WalInventorySignature(Documents.Cluster, System, timeline, name), document.Signature);
        _last[epoch] = (inventory.Sequence, document.Sha256);
        return name;
    }

    public void Remove(WalInventoryName name, int timeline = 1)
    {
        foreach (var target in new[] { "a", "b", "c" })
        {
            File.Delete(storage.PathOf(target, StorageKeys.WalInventory(Documents.Cluster, System, timeline, name)));
            File.Delete(storage.PathOf(target, StorageKeys.WalInventorySignature(Documents.Cluster, System, timeline, name)));
        }
    }

    /// <summary>A base backup that reads a segment's first bytes.</summary>
    public Manifest Base(int day, int segment, int timeline = 1) => Documents.Manifest(Documents.Id(day), keys.Own) with
    {
        Kind = BackupKind.Base,
        Database = string.Empty,
        SnapshotAt = Documents.Start.AddDays(day),
        FinishedAt = Documents.Start.AddDays(day).AddMinutes(1),
        Base = new BaseFacts
        {
            Server = "main",
            Label = "pgdr",
            Timeline = timeline,
            StartLsn = Lsn.Format(((ulong)segment * Size) + 0x28),
            CheckpointLsn = Lsn.Format(((ulong)segment * Size) + 0x60),
            StopTimeline = timeline,
            StopLsn = Lsn.Format(((ulong)segment * Size) + 0x100),
            WalSegmentSize = (int)Size,
            DataChecksums = true,
        },
    };
}
