using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.Jobs.Wal.Inventories;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;
using BackupFunctions.Storage.Local;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Jobs.Tests.Wal.Inventories;

public sealed class EpochInventoryTests : IDisposable
{
    private const string Cluster = "main";
    private const string System = "7301234567890123456";
    private const string Epoch = "20261121T020000123Z-9f3c01ab";
    private const ulong Size = 16 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new(new DateTimeOffset(2026, 11, 21, 2, 0, 0, TimeSpan.Zero));
    private readonly SigningKey _signer;
    private readonly VerificationKeyRing _pinned;
    private readonly TestTarget[] _targets;
    private int _looks;

    public EpochInventoryTests()
    {
        using var keys = new BackupKeys();
        _signer = SigningKey.FromPem(File.ReadAllText(keys[KeyFiles.SigningPrivate]));
        _pinned = VerificationKeyRing.FromPems(File.ReadAllText(keys[KeyFiles.SigningPublic]));
        _targets = [.. new[] { "a", "b" }.Select(name => new LocalTarget(name, _folder[name])).Select(target =>
        {
            target.Prepare();
            return new TestTarget(target);
        })];
    }

    public void Dispose()
    {
        _signer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Close_WhatWasArchived_IsListedInOrderAndChained()
    {
        var inventory = Create(moment: null, new InventoryPace(2, TimeSpan.FromHours(1)));
        inventory.Add(Segment(1), Size, 2 * Size);
        inventory.Add(Segment(2), 2 * Size, 3 * Size);
        await inventory.WriteWhenDueAsync(3 * Size, CancellationToken.None);
        inventory.Add(Partial(3, 0x100), 3 * Size, (3 * Size) + 0x100);
        inventory.Add(Partial(3, 0x200), 3 * Size, (3 * Size) + 0x200);
        await inventory.CloseAsync((3 * Size) + 0x200, CancellationToken.None);

        var written = Written("a");

        written.Select(each => each.Sequence).ShouldBe([1, 2]);
        written[0].Objects.Select(item => (item.File, item.Form)).ShouldBe(
            [("000000010000000000000001", WalObjectForm.Segment), ("000000010000000000000002", WalObjectForm.Segment)]);
        written[1].Objects.ShouldHaveSingleItem().ShouldBe(
            new WalInventoryObject("000000010000000000000003", WalObjectForm.Partial, "0/3000000", "0/3000200", 9, new string('b', 64)));
        written[1].EndLsn.ShouldBe("0/3000200");
        written[1].PreviousSha256.ShouldBe(Sha256("a", WalInventoryCodec.NameOf(written[0])));
        Written("b").Count.ShouldBe(2);
    }

    [Fact]
    public async Task Close_NothingArchivedAndNothingKnown_WritesNothing()
    {
        await Create(moment: null).CloseAsync(Size, CancellationToken.None);

        Written("a").ShouldBeEmpty();
    }

    [Fact]
    public async Task Write_ASegmentThatBecameWhole_ReplacesItsBeginnings()
    {
        var inventory = Create(moment: null);
        inventory.Add(Partial(1, 0x100), Size, Size + 0x100);
        inventory.Add(Segment(1), Size, 2 * Size);

        await inventory.CloseAsync(2 * Size, CancellationToken.None);

        Written("a").ShouldHaveSingleItem().Objects.ShouldHaveSingleItem().Form.ShouldBe(WalObjectForm.Segment);
    }

    [Fact]
    public async Task WriteWhenDue_TheServersMoment_IsStatedOnlyWhenEverythingBeforeItIsArchived()
    {
        var moment = Moment(Size + 0x500);
        var inventory = Create(moment);
        inventory.Add(Partial(1, 0x100), Size, Size + 0x100);
        await inventory.WriteWhenDueAsync(Size + 0x100, CancellationToken.None);
        Written("a").ShouldBeEmpty("the server had flushed more");
        inventory.Add(Partial(1, 0x500), Size, Size + 0x500);

        await inventory.WriteWhenDueAsync(Size + 0x500, CancellationToken.None);

        Written("a").ShouldHaveSingleItem().Covered.ShouldBe(new WalCoverage(moment.At, "0/1000500"));
        _looks.ShouldBe(0);
    }

    [Fact]
    public async Task WriteWhenDue_IdleServer_CoverageGrowsAtThePaceAndNotFaster()
    {
        var inventory = Create(Moment(Size));
        await inventory.WriteWhenDueAsync(Size, CancellationToken.None);
        for (var second = 0; second < 600; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await inventory.WriteWhenDueAsync(Size, CancellationToken.None);
        }

        var written = Written("a");

        written.Count.ShouldBe(3);
        written.Select(each => each.Covered!.At).ShouldBe(
            [_clock.GetUtcNow().AddSeconds(-600), _clock.GetUtcNow().AddSeconds(-300), _clock.GetUtcNow()]);
        written.ShouldAllBe(each => each.Objects.Count == 0);
    }

    [Theory]
    [InlineData("timeline")]
    [InlineData("system")]
    [InlineData("standby")]
    public async Task WriteWhenDue_AnotherServerAnswers_CoversNothingAndIsAskedAtThePace(string other)
    {
        var inventory = Create(moment: null, look: () => other switch
        {
            "timeline" => Moment(Size) with { Timeline = 2 },
            "system" => Moment(Size) with { SystemIdentifier = "42" },
            _ => null,
        });
        inventory.Add(Partial(1, 0x100), Size, Size + 0x100);
        for (var second = 0; second < 600; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await inventory.WriteWhenDueAsync(Size + 0x100, CancellationToken.None);
        }

        Written("a").ShouldHaveSingleItem().Covered.ShouldBeNull();
        _looks.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task WriteWhenDue_TooFewTargets_TheNextAttemptWritesTheSameBytesAndLosesNothing()
    {
        var inventory = Create(moment: null, new InventoryPace(1, TimeSpan.FromHours(1)));
        inventory.Add(Segment(1), Size, 2 * Size);
        _targets[1].FailCreate = key => key.EndsWith(".json", StringComparison.Ordinal) ? new StorageException(ErrorCodes.TargetUnreachable, "b", "Target b is away.") : null;
        await Should.ThrowAsync<StorageException>(() => inventory.WriteWhenDueAsync(2 * Size, CancellationToken.None));
        _targets[1].FailCreate = _ => null;
        inventory.Add(Segment(2), 2 * Size, 3 * Size);

        await inventory.CloseAsync(3 * Size, CancellationToken.None);

        Written("b").Select(each => (each.Sequence, each.Objects.Count)).ShouldBe([(1, 1), (2, 1)]);
        Written("a").Select(each => each.Sequence).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Close_MoreThanOneListTakes_WritesSeveralThatEndWhereTheyList()
    {
        var inventory = Create(Moment(2 * Size));
        var count = WalInventoryCodec.MostObjects + 1;
        for (var segment = 1; segment <= count; segment++)
        {
            inventory.Add(Segment(segment), (ulong)segment * Size, (ulong)(segment + 1) * Size);
        }

        await inventory.CloseAsync((ulong)(count + 1) * Size, CancellationToken.None);

        Written("a").Select(each => (each.Objects.Count, each.EndLsn)).ShouldBe(
            [(count - 1, Lsn.Format((ulong)count * Size)), (1, Lsn.Format((ulong)(count + 1) * Size))]);
    }

    private static StoredWal Segment(int number) =>
        new(WalObjectName.Segment(WalSegmentName.Of(1, (ulong)number * Size, (int)Size), Epoch, new string('a', 64)), 9, new string('a', 64), ["a"]);

    private static StoredWal Partial(int number, ulong length) => new(
        WalObjectName.Partial(WalSegmentName.Of(1, (ulong)number * Size, (int)Size), ((ulong)number * Size) + length, Epoch, new string('b', 64)), 9, new string('b', 64), ["a"]);

    private ServerMoment Moment(ulong flushed) => new(_clock.GetUtcNow(), flushed, 1, System);

    private EpochInventory Create(ServerMoment? moment, InventoryPace? pace = null, Func<ServerMoment?>? look = null)
    {
        var epoch = new WalEpoch
        {
            Format = WalEpoch.CurrentFormat,
            Cluster = Cluster,
            EpochId = Epoch,
            SystemIdentifier = System,
            StartedAt = _clock.GetUtcNow(),
            ServerVersionNumber = 150020,
            Timeline = 1,
            StartLsn = "0/1000000",
            SegmentSize = (int)Size,
            Compression = "zstd",
            Encryption = Manifest.Aes256GcmHkdf1Mb,
            Recipients = [],
            SignedBy = _signer.KeyId,
        };
        var settings = new WalWriterSettings(Cluster, CompressionOptions.Default, RequiredCopies: 2, _folder.Path, _clock);
        return new EpochInventory(
            epoch, settings, new WalWriterKeys([], _signer), moment, pace ?? InventoryPace.Default,
            _ =>
            {
                _looks++;
                return Task.FromResult(look is null ? Moment(Size) : look());
            },
            () => new FanOutSession(_targets, 2, NullLogger.Instance));
    }

    private IReadOnlyList<WalInventory> Written(string target)
    {
        var folder = Path.Combine(_folder[target], StorageKeys.WalTimeline(Cluster, System, 1));
        return !Directory.Exists(folder) ? [] :
        [
            .. Directory.EnumerateFiles(folder, "inventory-*.json").Order(StringComparer.Ordinal).Select(file =>
            {
                WalInventoryName.TryParse(Path.GetFileName(file), out var name).ShouldBeTrue();
                return WalInventoryCodec.Read(File.ReadAllBytes(file), File.ReadAllBytes(Path.ChangeExtension(file, ".sig")), _pinned, Cluster, System, 1, name!);
            }),
        ];
    }

    private string Sha256(string target, WalInventoryName name) => Convert.ToHexStringLower(
        global::System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(_folder[target], StorageKeys.WalInventory(Cluster, System, 1, name)))));
}
