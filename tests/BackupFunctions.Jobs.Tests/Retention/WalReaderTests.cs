using System.Security.Cryptography;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Retention.Wal;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Retention.State;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Local;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Retention;

public sealed class WalReaderTests : IDisposable
{
    private const string Cluster = "main";
    private const string System = "7301234567890123456";
    private const int Size = 16 << 20;
    private const string First = "20260501T020000000Z-00000001";
    private const string Second = "20260502T020000000Z-00000002";

    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly SigningKey _signer;
    private readonly VerificationKeyRing _keys;
    private readonly IReadOnlyList<TestTarget> _targets;

    public WalReaderTests()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _signer = SigningKey.FromPem(pair.ExportPkcs8PrivateKeyPem());
        _keys = VerificationKeyRing.FromPems(pair.ExportSubjectPublicKeyInfoPem());
        _targets = [.. new[] { "near", "far" }.Select(name =>
        {
            var local = new LocalTarget(name, _folder[name]);
            local.Prepare();
            return new TestTarget(local);
        })];
    }

    public void Dispose()
    {
        _signer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Read_ObjectsOfSeveralTargets_AreMergedByName()
    {
        PutEpoch(First, timeline: 1);
        var both = Put(WalObjectName.Segment(WalSegmentName.Of(1, Size, Size), First, Hash('a')), Noon);
        var one = Put(WalObjectName.Segment(WalSegmentName.Of(1, 2 * Size, Size), First, Hash('b')), Noon, "far");
        var partial = Put(WalObjectName.Partial(WalSegmentName.Of(1, 3 * Size, Size), (3 * Size) + 4096, First, Hash('c')), Noon, "near");
        Put(WalObjectName.History(1, First, Hash('d')), Noon);
        File.SetLastWriteTimeUtc(Path.Combine(_folder["far"], both), Noon.AddHours(1).UtcDateTime);

        var reading = await ReadAsync();

        reading.Unknowns.ShouldBeEmpty();
        var found = reading.Objects.ToDictionary(wal => $"{Cluster}/wal/{System}/{wal.Name}", StringComparer.Ordinal);
        found.Keys.ShouldBe([both, one, partial], ignoreOrder: true);
        found[both].ShouldSatisfyAllConditions(
            wal => (wal.SystemId, wal.Timeline, wal.StartLsn, wal.EndLsn).ShouldBe((System, 1, (ulong)Size, 2UL * Size)),

            // The latest copy's time: what it holds is older.
            wal => wal.At.ShouldBe(Noon.AddHours(1)),
            wal => wal.Targets.ShouldBe(["near", "far"]));
        found[one].Targets.ShouldBe(["far"]);
        (found[partial].StartLsn, found[partial].EndLsn).ShouldBe((3UL * Size, (3UL * Size) + 4096));
        (reading.Texts, reading.Epochs.ShouldHaveSingleItem().HasHistory).ShouldBe((1, true));
    }

    [Fact]
    public async Task Read_EpochsOfALaterTimeline_TellWhereItAndItsAncestorsCameFrom()
    {
        PutEpoch(First, timeline: 1);
        PutEpoch(Second, timeline: 5, new WalAncestor(1, "0/3000000"), new WalAncestor(3, "0/5000000"));

        var reading = await ReadAsync();

        reading.Unknowns.ShouldBeEmpty();
        reading.Timelines.ShouldBe([new KnownTimeline(System, 3, 1, 0x3000000), new KnownTimeline(System, 5, 3, 0x5000000)], ignoreOrder: true);
    }

    [Fact]
    public async Task Read_EpochsContradictEachOther_TimelineIsUnknown()
    {
        PutEpoch(First, timeline: 2, new WalAncestor(1, "0/3000000"));
        PutEpoch(Second, timeline: 2, new WalAncestor(1, "0/4000000"));

        var reading = await ReadAsync();

        reading.Timelines.ShouldBeEmpty();
        var unknown = reading.Unknowns.ShouldHaveSingleItem();
        (unknown.SystemId, unknown.Database).ShouldBe((System, null));
        unknown.Sentence.ShouldContain("timeline 2");
    }

    [Fact]
    public async Task Read_EpochIsGoodOnOneTargetOnly_IsTakenFromThere()
    {
        PutEpoch(First, timeline: 1);
        File.WriteAllText(Path.Combine(_folder["near"], StorageKeys.WalEpoch(Cluster, System, First)), "{}");
        Put(WalObjectName.Segment(WalSegmentName.Of(1, Size, Size), First, Hash('a')), Noon);

        var reading = await ReadAsync();

        reading.Unknowns.ShouldBeEmpty();
        reading.Objects.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_EpochIsMissingOrForged_ItsServerIsUnknownOnceAndItsObjectsAreLeftOut(bool forged)
    {
        if (forged)
        {
            PutEpoch(First, timeline: 1);
            foreach (var target in _targets)
            {
                File.WriteAllText(Path.Combine(_folder[target.Name], StorageKeys.WalEpoch(Cluster, System, First)), "{}");
            }
        }

        Put(WalObjectName.Segment(WalSegmentName.Of(1, Size, Size), First, Hash('a')), Noon);
        Put(WalObjectName.Segment(WalSegmentName.Of(1, 2 * Size, Size), First, Hash('a')), Noon);

        var reading = await ReadAsync();

        reading.Objects.ShouldBeEmpty();
        var unknown = reading.Unknowns.ShouldHaveSingleItem();
        unknown.SystemId.ShouldBe(System);
        unknown.Sentence.ShouldContain(First);
    }

    [Theory]
    [InlineData("00000001/notes.txt")]
    [InlineData("00000002/000000010000000000000001-20260501T020000000Z-00000001-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("00000001/0000000100000000FFFFFFFF-20260501T020000000Z-00000001-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Read_NameThatSaysNothing_IsLeftOut(string name)
    {
        PutEpoch(First, timeline: 1);
        Write("near", StorageKeys.WalOf(Cluster, System) + name, [1]);

        var reading = await ReadAsync();

        reading.Objects.ShouldBeEmpty();
        reading.Unknowns.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_Epoch_ReachesOverItsLogAndItsInventories()
    {
        PutEpoch(First, timeline: 1);
        Put(WalObjectName.Segment(WalSegmentName.Of(1, 2 * Size, Size), First, Hash('a')), Noon);
        Put(WalObjectName.Segment(WalSegmentName.Of(1, 5 * Size, Size), First, Hash('a')), Noon.AddHours(1));
        var name = new WalInventoryName(First, 1, 7 * Size);
        foreach (var key in new[] { StorageKeys.WalInventory(Cluster, System, 1, name), StorageKeys.WalInventorySignature(Cluster, System, 1, name) })
        {
            Write("near", key, [1]);
            File.SetLastWriteTimeUtc(Path.Combine(_folder["near"], key), Noon.AddHours(2).UtcDateTime);
        }

        Write("near", $"{StorageKeys.WalOf(Cluster, System)}00000001/inventory-notes.txt", [1]);

        var reading = await ReadAsync();

        reading.Unknowns.ShouldBeEmpty();
        reading.Objects.Count.ShouldBe(2);
        reading.Epochs.ShouldBe([new KnownEpoch(System, First, 1, Size, 7 * Size, Noon.AddHours(2), Size)]);
    }

    [Fact]
    public async Task Read_ObjectThatNoSegmentOfItsEpochIs_HoldsTheEpoch()
    {
        PutEpoch(First, timeline: 1);
        Write("near", StorageKeys.WalOf(Cluster, System) + $"00000001/0000000100000000FFFFFFFF-{First}-{Hash('a')[..32]}", [1]);

        (await ReadAsync()).Epochs.ShouldHaveSingleItem().IsHeld.ShouldBeTrue();
    }

    [Fact]
    public async Task Read_TargetCannotBeListed_EverythingIsUnknown()
    {
        PutEpoch(First, timeline: 1);
        _targets[1].BeforeList = prefix =>
        {
            if (prefix.Contains("/wal/", StringComparison.Ordinal))
            {
                throw new StorageException(Contracts.ErrorCodes.TargetUnreachable, "far", "Target far is away.");
            }
        };

        var unknown = (await ReadAsync()).Unknowns.ShouldHaveSingleItem();

        (unknown.Sentence, unknown.SystemId, unknown.Database).ShouldBe(("Target far is away.", null, null));
    }

    private static string Hash(char digit) => new(digit, 64);

    private Task<WalReading> ReadAsync() => new WalReader(Cluster, _targets, _keys, DateTimeOffset.MinValue).ReadAsync(CancellationToken.None);

    private string Put(WalObjectName name, DateTimeOffset at, params string[] on)
    {
        var key = StorageKeys.WalObject(Cluster, System, name);
        foreach (var target in on is [] ? ["near", "far"] : on)
        {
            Write(target, key, [1]);
            File.SetLastWriteTimeUtc(Path.Combine(_folder[target], key), at.UtcDateTime);
        }

        return key;
    }

    private void PutEpoch(string id, int timeline, params WalAncestor[] ancestors)
    {
        var document = WalEpochCodec.Write(
            new WalEpoch
            {
                Format = WalEpoch.CurrentFormat,
                Cluster = Cluster,
                EpochId = id,
                SystemIdentifier = System,
                StartedAt = Noon,
                ServerVersionNumber = 150020,
                Timeline = timeline,
                Ancestors = ancestors,
                StartLsn = "0/1000000",
                SegmentSize = Size,
                Compression = "zstd",
                Encryption = Manifest.Aes256GcmHkdf1Mb,
                Recipients = [new KeyEnvelope("rsa", new string('a', 64), "RSA-OAEP-256", "AAAA", "operational")],
                SignedBy = _signer.KeyId,
            },
            _signer);
        foreach (var target in _targets)
        {
            Write(target.Name, StorageKeys.WalEpoch(Cluster, System, id), document.Json);
            Write(target.Name, StorageKeys.WalEpochSignature(Cluster, System, id), document.Signature);
        }
    }

    private void Write(string target, string key, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder[target], key))!);
        File.WriteAllBytes(Path.Combine(_folder[target], key), bytes);
    }
}
