using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests;

public sealed class StorageCatalogStatementTests : IClassFixture<TestKeys>, IDisposable
{
    private static readonly string Id = Documents.Id(21);

    private readonly TestKeys _keys;
    private readonly CatalogFixture _fixture;
    private readonly SignedDocument _manifest;

    public StorageCatalogStatementTests(TestKeys keys)
    {
        _keys = keys;
        _fixture = new CatalogFixture(keys);
        _manifest = _fixture.PutBackup(Id, "abc");
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Record_NoStatements_IsCompleted() => (await RecordAsync()).Status.ShouldBe(BackupStatus.Completed);

    [Fact]
    public async Task Record_Verified_IsVerifiedWithTheCopiesThatWereRead()
    {
        _fixture.PutStatement(StatementKind.Verified, _manifest, Id, "abc", minute: 5);

        var record = await RecordAsync();

        record.Status.ShouldBe(BackupStatus.Verified);
        record.VerifiedAt.ShouldBe(Documents.Start.AddMinutes(5));
        record.ProvenAt.ShouldBeNull();
        record.Copies.Select(copy => (copy.Target, copy.Verified)).ShouldBe([("a", true), ("b", true), ("c", false)]);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task Record_VerifiedAndProven_IsProvenInAnyOrder(int verified, int proven)
    {
        _fixture.PutStatement(StatementKind.Verified, _manifest, Id, "a", verified);
        _fixture.PutStatement(StatementKind.Proven, _manifest, Id, "a", proven);

        var record = await RecordAsync();

        record.Status.ShouldBe(BackupStatus.Proven);
        record.VerifiedAt.ShouldBe(Documents.Start.AddMinutes(verified));
        record.ProvenAt.ShouldBe(Documents.Start.AddMinutes(proven));
    }

    [Fact]
    public async Task Record_SeveralOfAKind_TheNewestCounts()
    {
        _fixture.PutStatement(StatementKind.Proven, _manifest, Id, "b", minute: 9);
        _fixture.PutStatement(StatementKind.Proven, _manifest, Id, "a", minute: 3);

        (await RecordAsync()).ProvenAt.ShouldBe(Documents.Start.AddMinutes(9));
    }

    [Fact]
    public async Task Record_QuarantinedAndProven_IsNotGood()
    {
        _fixture.PutStatement(StatementKind.Quarantined, _manifest, Id, "a", minute: 1);
        _fixture.PutStatement(StatementKind.Proven, _manifest, Id, "a", minute: 2);

        (await RecordAsync()).Status.ShouldBe(BackupStatus.Failed);
    }

    [Fact]
    public async Task Record_StatementOnOneTargetOnly_Counts()
    {
        _fixture.PutStatement(StatementKind.Proven, _manifest, Id, "c");

        (await RecordAsync()).Status.ShouldBe(BackupStatus.Proven);
    }

    [Fact]
    public async Task Record_ForgedStatement_IsIgnoredAndTheBackupStaysListed()
    {
        _fixture.PutStatement(StatementKind.Proven, _manifest, Id, "abc", forged: true);
        _fixture.PutStatement(StatementKind.Verified, _manifest, Id, "a", minute: 1);

        (await RecordAsync()).Status.ShouldBe(BackupStatus.Verified);
        var listing = await _fixture.Catalog.ListAsync(CancellationToken.None);
        listing.Backups.ShouldHaveSingleItem().Status.ShouldBe(BackupStatus.Verified);
        listing.Unreadable.ShouldBeEmpty();
    }

    [Fact]
    public async Task Record_StatementByAKeyThatIsNotPinned_IsIgnored()
    {
        _fixture.PutStatement(StatementKind.Proven, _manifest, Id, "abc", signer: _keys.Foreign);

        (await RecordAsync()).Status.ShouldBe(BackupStatus.Completed);
    }

    [Fact]
    public async Task Record_ForgedOnTheFirstTargetAndGoodOnAnother_TheGoodOneCounts()
    {
        _fixture.PutStatement(StatementKind.Proven, _manifest, Id, "bc");
        _fixture.PutStatement(StatementKind.Proven, _manifest, Id, "a", forged: true);

        (await RecordAsync()).Status.ShouldBe(BackupStatus.Proven);
    }

    [Fact]
    public async Task Record_GenuineStatementOfAnotherBackupPutThere_IsIgnored()
    {
        var other = _fixture.PutBackup(Documents.Id(20), "a");
        _fixture.PutStatement(StatementKind.Proven, other, Documents.Id(20), "a");

        Directory.Move(_fixture.PathOf("a", $"main/statements/{Documents.Id(20)}"), _fixture.PathOf("a", $"main/statements/{Id}"));

        (await RecordAsync()).Status.ShouldBe(BackupStatus.Completed);
    }

    [Fact]
    public async Task Record_StatementAboutAnotherManifestOfThisId_DoesNotCount()
    {
        var other = ManifestCodec.Write(Documents.Manifest(Id, _keys.Own) with { Database = "other" }, _keys.Own);
        _fixture.PutStatement(StatementKind.Proven, other, Id, "abc");

        (await RecordAsync()).Status.ShouldBe(BackupStatus.Completed);
    }

    [Fact]
    public async Task Record_StatementWithoutSignature_DoesNotCount()
    {
        _fixture.PutStatement(StatementKind.Proven, _manifest, Id, "a");
        foreach (var signature in Directory.EnumerateFiles(_fixture.PathOf("a", $"main/statements/{Id}"), "*.sig"))
        {
            File.Delete(signature);
        }

        (await RecordAsync()).Status.ShouldBe(BackupStatus.Completed);
    }

    [Fact]
    public async Task Record_DifferentStatementsUnderOneName_NeitherHidesTheOther()
    {
        _fixture.PutStatement(StatementKind.Proven, _manifest, Id, "b");
        _fixture.PutStatement(StatementKind.Verified, _manifest, Id, "a");
        var folder = $"main/statements/{Id}/20261121T020000000Z-";
        foreach (var extension in new[] { "json", "sig" })
        {
            File.Move(_fixture.PathOf("a", $"{folder}verified.{extension}"), _fixture.PathOf("a", $"{folder}proven.{extension}"));
        }

        (await RecordAsync()).Status.ShouldBe(BackupStatus.Proven);
    }

    [Fact]
    public async Task Statements_OneTargetAway_AreReadFromTheOthers()
    {
        _fixture.PutStatement(StatementKind.Verified, _manifest, Id, "ab", minute: 2);
        _fixture.PutStatement(StatementKind.Proven, _manifest, Id, "b", minute: 1);
        _fixture.TakeAway("a");

        var statements = await _fixture.Catalog.StatementsAsync(Id, CancellationToken.None);

        statements.Select(statement => statement.Kind).ShouldBe([StatementKind.Proven, StatementKind.Verified]);
    }

    private async Task<BackupRecord> RecordAsync() =>
        await _fixture.Catalog.RecordAsync((await _fixture.Catalog.FindAsync(Id, CancellationToken.None))!, CancellationToken.None);
}
