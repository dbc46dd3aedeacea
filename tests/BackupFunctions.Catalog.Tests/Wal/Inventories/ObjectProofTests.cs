using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Catalog.Wal.Inventories;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests.Wal.Inventories;

public sealed class ObjectProofTests : IClassFixture<TestKeys>, IDisposable
{
    private const ulong Size = LogFixture.Size;

    private static readonly string Epoch = LogFixture.Epoch(1);

    private readonly CatalogFixture _storage;
    private readonly LogFixture _log;
    private readonly ObjectProof _proof;
    private readonly WalInventoryName _first;

    public ObjectProofTests(TestKeys keys)
    {
        _storage = new CatalogFixture(keys);
        _log = new LogFixture(_storage, keys);
        _first = _log.PutInventory(
            Epoch, 3 * Size,
            [new WalInventoryObject("00000001.history", WalObjectForm.History, "0/1000000", "0/1000000", 10, LogFixture.Hash('e')), LogFixture.Listed(1, 'a'), LogFixture.Listed(2, 'b')]);
        _log.PutInventory(
            Epoch, (4 * Size) + 0x100,
            [LogFixture.Listed(3, 'c'), new WalInventoryObject("000000010000000000000004", WalObjectForm.Partial, "0/4000000", "0/4000100", 9, LogFixture.Hash('d'))]);
        _proof = new ObjectProof(Documents.Cluster, LogFixture.System, _storage.Targets, keys.Pinned);
    }

    public void Dispose() => _storage.Dispose();

    [Theory]
    [InlineData(1, 'a')]
    [InlineData(2, 'b')]
    [InlineData(3, 'c')]
    public async Task Find_ListedSegment_GivesItsWholeHash(int segment, char hash) =>
        (await FindAsync(LogFixture.Segment(segment, Epoch, hash))).ShouldBe(LogFixture.Hash(hash));

    [Fact]
    public async Task Find_ListedPartialAndHistory_GivesItsWholeHash()
    {
        (await FindAsync(Partial(0x100, 'd'))).ShouldBe(LogFixture.Hash('d'));
        (await _proof.FindAsync(WalObjectName.History(1, Epoch, LogFixture.Hash('e')), 0, CancellationToken.None))!.Sha256.ShouldBe(LogFixture.Hash('e'));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Find_SegmentWithOtherBytesThanListed_IsRefused(int segment)
    {
        var failure = await Should.ThrowAsync<PgdrException>(() => FindAsync(LogFixture.Segment(segment, Epoch, 'f')));

        failure.Code.ShouldBe(ErrorCodes.WalMissing);
        failure.Message.ShouldContain("in its place");
    }

    [Fact]
    public async Task Find_SegmentThatTheReceiverNeverArchived_IsRefused() =>
        (await Should.ThrowAsync<PgdrException>(() => FindAsync(LogFixture.Segment(0, Epoch, 'a')))).Message.ShouldContain("lists no such object");

    [Fact]
    public async Task Find_PartialThatALaterOneReplaced_IsNeitherProvenNorRefused() => (await FindAsync(Partial(0x80, 'f'))).ShouldBeNull();

    [Fact]
    public async Task Find_PartialWithOtherBytesThanListed_IsRefused() => await Should.ThrowAsync<PgdrException>(() => FindAsync(Partial(0x100, 'f')));

    [Fact]
    public async Task Find_BehindTheLastInventory_IsNeitherProvenNorRefused()
    {
        (await FindAsync(LogFixture.Segment(4, Epoch, 'f'))).ShouldBeNull();
        (await FindAsync(LogFixture.Segment(1, LogFixture.Epoch(2), 'f'))).ShouldBeNull();
    }

    [Fact]
    public async Task Find_TheInventoryThatWouldListItIsGone_IsNeitherProvenNorRefused()
    {
        _log.Remove(_first);

        (await FindAsync(LogFixture.Segment(1, Epoch, 'a'))).ShouldBeNull();
        (await FindAsync(LogFixture.Segment(3, Epoch, 'c'))).ShouldBe(LogFixture.Hash('c'));
    }

    private static WalObjectName Partial(ulong length, char hash) => WalObjectName.Partial("000000010000000000000004", (4 * Size) + length, Epoch, LogFixture.Hash(hash));

    private async Task<string?> FindAsync(WalObjectName name) =>
        (await _proof.FindAsync(name, name.End ?? WalSegmentName.StartOf(name.File, (int)Size) + Size, CancellationToken.None))?.Sha256;
}
