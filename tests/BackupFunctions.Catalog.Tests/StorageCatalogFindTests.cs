using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests;

public sealed class StorageCatalogFindTests : IClassFixture<TestKeys>, IDisposable
{
    private static readonly string Id = Documents.Id(21);

    private readonly TestKeys _keys;
    private readonly CatalogFixture _fixture;

    public StorageCatalogFindTests(TestKeys keys) => (_keys, _fixture) = (keys, new CatalogFixture(keys));

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Find_OnAllTargets_GivesTheVeryBytesAndWhoHoldsThem()
    {
        var document = _fixture.PutBackup(Id, "abc");

        var stored = (await FindAsync()).ShouldNotBeNull();

        stored.Manifest.BackupId.ShouldBe(Id);
        stored.Document.Json.ShouldBe(document.Json);
        stored.Document.Signature.ShouldBe(document.Signature);
        stored.Targets.ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task Find_ManifestWithEveryOptionalValueMissing_Reads()
    {
        _fixture.PutBackup(Id, "a", manifest => manifest with
        {
            Server = new ServerIdentity(SystemIdentifier: null, "15.20", 150020, Timeline: null, Lsn: null),
            Recipients = [manifest.Recipients[0] with { Name = null }],
        });

        (await FindAsync())!.Manifest.Server.Timeline.ShouldBeNull();
    }

    [Fact]
    public async Task Find_OnNoTarget_IsNull() => (await FindAsync()).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("../../etc/passwd")]
    [InlineData("20261121T020000123Z-9f3c01ab\n")]
    public async Task Find_NotABackupId_IsRefused(string id) =>
        (await Should.ThrowAsync<PgdrException>(() => _fixture.Catalog.FindAsync(id, CancellationToken.None))).Code.ShouldBe(ErrorCodes.BackupUnknown);

    [Fact]
    public async Task Find_AbsentHereAndOneTargetAway_IsNotSaidToBeAbsent()
    {
        _fixture.TakeAway("c");

        (await FailureAsync()).Code.ShouldBe(ErrorCodes.TargetUnreachable);
    }

    [Fact]
    public async Task Find_FirstTargetAway_ReadsTheOthers()
    {
        _fixture.PutBackup(Id, "abc");
        _fixture.TakeAway("a");

        (await FindAsync())!.Targets.ShouldBe(["b", "c"]);
    }

    [Theory]
    [InlineData("a", "b,c")]
    [InlineData("b", "a,c")]
    [InlineData("c", "a,b")]
    public async Task Find_AlteredOnOneTarget_GoodCopiesCount(string bad, string good)
    {
        var document = _fixture.PutBackup(Id, "abc");
        var altered = (byte[])document.Json.Clone();
        altered[altered.Length / 2] ^= 1;
        _fixture.PutManifest(Id, bad, altered, document.Signature);

        var stored = (await FindAsync())!;

        stored.Targets.ShouldBe(good.Split(','));
        stored.Document.Json.ShouldBe(document.Json);
    }

    [Theory]
    [InlineData("a", "b,c")]
    [InlineData("c", "a,b")]
    public async Task Find_SignatureDamagedOnOneTarget_ThatCopyDoesNotCount(string bad, string good)
    {
        var document = _fixture.PutBackup(Id, "abc");
        _fixture.PutManifest(Id, bad, document.Json, _keys.Foreign.Sign(document.Json));

        (await FindAsync())!.Targets.ShouldBe(good.Split(','));
    }

    [Fact]
    public async Task Find_SameBytesSignedTwice_BothCopiesCount()
    {
        var document = _fixture.PutBackup(Id, "ab");
        _fixture.PutManifest(Id, "b", document.Json, _keys.Own.Sign(document.Json));

        (await FindAsync())!.Targets.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Find_AlteredEverywhere_IsRefused()
    {
        var document = _fixture.PutBackup(Id, "abc");
        document.Json[^3] ^= 1;
        _fixture.PutManifest(Id, "abc", document.Json, document.Signature);

        (await FailureAsync()).Code.ShouldBe(ErrorCodes.ManifestAltered);
    }

    [Fact]
    public async Task Find_ManifestOfAnotherBackupPutThere_IsRefused()
    {
        var other = _fixture.PutBackup(Documents.Id(20), "a");
        _fixture.PutManifest(Id, "a", other.Json, other.Signature);

        var failure = await FailureAsync();

        failure.Code.ShouldBe(ErrorCodes.ManifestAltered);
        failure.Message.ShouldContain(Documents.Id(20));
    }

    [Fact]
    public async Task Find_ManifestOfAnotherBackupOnTheFirstTarget_TheOwnOneCounts()
    {
        _fixture.PutBackup(Id, "abc");
        var other = _fixture.PutBackup(Documents.Id(20), "a");
        _fixture.PutManifest(Id, "a", other.Json, other.Signature);

        (await FindAsync())!.Targets.ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task Find_ManifestOfAnotherCluster_IsRefused()
    {
        _fixture.PutBackup(Id, "a", manifest => manifest with
        {
            Cluster = "other",
            Objects = [.. manifest.Objects.Select(item => item with { Aad = ArchiveAad.ForObject("other", Id, item.Name) })],
        });

        (await FailureAsync()).Code.ShouldBe(ErrorCodes.ManifestAltered);
    }

    [Fact]
    public async Task Find_SignedByAKeyThatIsNotPinned_IsRefused()
    {
        _fixture.PutBackup(Id, "abc", signer: _keys.Foreign);

        var failure = await FailureAsync();

        failure.Code.ShouldBe(ErrorCodes.SignerUnknown);
        failure.Message.ShouldContain(_keys.Foreign.KeyId);
    }

    [Fact]
    public async Task Find_ForeignManifestOnTheFirstTarget_TheOwnOneCounts()
    {
        _fixture.PutBackup(Id, "bc");
        _fixture.PutBackup(Id, "a", signer: _keys.Foreign);

        (await FindAsync())!.Targets.ShouldBe(["b", "c"]);
    }

    [Theory]
    [InlineData("a", "bc")]
    [InlineData("ab", "c")]
    public async Task Find_DifferentSignedManifestsOnTwoTargets_IsRefused(string first, string second)
    {
        _fixture.PutBackup(Id, first);
        _fixture.PutBackup(Id, second, manifest => manifest with { Database = "replaced" });

        var failure = await FailureAsync();

        failure.Code.ShouldBe(ErrorCodes.ManifestAltered);
        failure.Message.ShouldContain($"'{first[0]}'");
        failure.Message.ShouldContain($"'{second[0]}'");
    }

    [Fact]
    public async Task Find_SignatureMissingOnOneTarget_ThatTargetHasNoCopy()
    {
        _fixture.PutBackup(Id, "ab");
        File.Delete(_fixture.PathOf("a", StorageKeys.ManifestSignature(Documents.Cluster, Id)));

        (await FindAsync())!.Targets.ShouldBe(["b"]);
    }

    [Fact]
    public async Task Find_ReadingBreaksOffOnTheFirstTarget_TheOthersCount()
    {
        _fixture.PutBackup(Id, "ab");

        var stored = await _fixture.With([new BreakingTarget(_fixture.Targets[0]), _fixture.Targets[1]]).FindAsync(Id, CancellationToken.None);

        stored!.Targets.ShouldBe(["b"]);
    }

    [Fact]
    public async Task Find_ReadingBreaksOffOnTheOnlyTarget_SaysUnreachable()
    {
        _fixture.PutBackup(Id, "a");

        var failure = await Should.ThrowAsync<PgdrException>(
            () => _fixture.With([new BreakingTarget(_fixture.Targets[0])]).FindAsync(Id, CancellationToken.None));

        failure.Code.ShouldBe(ErrorCodes.TargetUnreachable);
        failure.Message.ShouldContain("'a'");
    }

    [Theory]
    [InlineData("manifest.json", ManifestCodec.LargestSize + 1L)]
    [InlineData("manifest.sig", 1025L)]
    public async Task Find_DocumentTooLarge_IsNotDownloaded(string file, long size)
    {
        _fixture.PutBackup(Id, "ab");
        await using (var sparse = new FileStream(_fixture.PathOf("a", $"main/backups/{Id}/{file}"), FileMode.Open))
        {
            sparse.SetLength(size);
        }

        (await FindAsync())!.Targets.ShouldBe(["b"]);
        var failure = await Should.ThrowAsync<PgdrException>(() => _fixture.With([_fixture.Targets[0]]).FindAsync(Id, CancellationToken.None));
        failure.Code.ShouldBe(ErrorCodes.ObjectDamaged);
    }

    private Task<StoredManifest?> FindAsync() => _fixture.Catalog.FindAsync(Id, CancellationToken.None);

    private Task<PgdrException> FailureAsync() => Should.ThrowAsync<PgdrException>(FindAsync);
}
