using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Catalog.Tests;

public sealed class StorageCatalogListTests : IClassFixture<TestKeys>, IDisposable
{
    private readonly CatalogFixture _fixture;

    public StorageCatalogListTests(TestKeys keys) => _fixture = new CatalogFixture(keys);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task List_NothingStored_IsEmpty()
    {
        var listing = await ListAsync();

        listing.Backups.ShouldBeEmpty();
        listing.Unreadable.ShouldBeEmpty();
    }

    [Fact]
    public async Task List_BackupsOnDifferentTargets_IsTheirUnionNewestFirst()
    {
        _fixture.PutBackup(Documents.Id(20), "b");
        _fixture.PutBackup(Documents.Id(22), "abc");
        _fixture.PutBackup(Documents.Id(21), "ac");
        _fixture.PutBackup(Documents.Id(21, random: "00000000"), "c");

        var listing = await ListAsync();

        listing.Backups.Select(backup => backup.BackupId)
            .ShouldBe([Documents.Id(22), Documents.Id(21), Documents.Id(21, random: "00000000"), Documents.Id(20)]);
        listing.Backups.Select(backup => string.Concat(backup.Copies.Select(copy => copy.Target))).ShouldBe(["abc", "ac", "c", "b"]);
        listing.Unreadable.ShouldBeEmpty();
    }

    [Fact]
    public async Task List_Backup_TellsWhatItsManifestSays()
    {
        _fixture.PutBackup(Documents.Id(21), "a");

        var backup = (await ListAsync()).Backups.ShouldHaveSingleItem();

        backup.Database.ShouldBe("shop");
        backup.Kind.ShouldBe(BackupKind.Full);
        backup.Status.ShouldBe(BackupStatus.Completed);
        backup.StartedAt.ShouldBe(Documents.Start);
        backup.SnapshotAt.ShouldBe(Documents.Start.AddSeconds(1));
        backup.DurationSeconds.ShouldBe(12.3);
        backup.PlainSize.ShouldBe(250);
        backup.StoredSize.ShouldBe(100);
        backup.ServerVersion.ShouldBe("15.20");
        backup.VerifiedAt.ShouldBeNull();
        backup.ProvenAt.ShouldBeNull();
        backup.Copies.ShouldBe([new CopyResult("a", Written: true, Verified: false, Error: null)]);
    }

    [Fact]
    public async Task List_FolderWithoutManifest_IsNoBackup()
    {
        _fixture.Put("abc", $"main/backups/{Documents.Id(21)}/contents.tink", [1, 2, 3]);
        _fixture.Put("abc", $"main/backups/{Documents.Id(22)}/manifest.json", [1, 2, 3]);

        var listing = await ListAsync();

        listing.Backups.ShouldBeEmpty();
        listing.Unreadable.ShouldBeEmpty();
    }

    [Fact]
    public async Task List_FoldersThatAreNoBackupIds_AreLeftOut()
    {
        _fixture.Put("a", "main/backups/lost+found/manifest.json", [1]);
        _fixture.Put("a", "other/backups/" + Documents.Id(21) + "/manifest.json", [1]);

        var listing = await ListAsync();

        listing.Backups.ShouldBeEmpty();
        listing.Unreadable.ShouldBeEmpty();
    }

    [Fact]
    public async Task List_OneTargetAway_ShowsTheOthersAndNamesIt()
    {
        _fixture.PutBackup(Documents.Id(21), "ab");
        _fixture.PutBackup(Documents.Id(22), "c");
        _fixture.TakeAway("a");

        var listing = await ListAsync();

        listing.Backups.Select(backup => backup.BackupId).ShouldBe([Documents.Id(22), Documents.Id(21)]);
        listing.Unreadable.ShouldHaveSingleItem().ShouldContain("Target a is unreachable");
    }

    [Fact]
    public async Task List_UnfinishedHereAndOneTargetAway_IsNamedBecauseTheManifestMayBeThere()
    {
        _fixture.PutBackup(Documents.Id(21), "a");
        _fixture.Put("b", $"main/backups/{Documents.Id(21)}/contents.tink", [1, 2, 3]);
        _fixture.TakeAway("a");

        var listing = await ListAsync();

        listing.Backups.ShouldBeEmpty();
        listing.Unreadable.ShouldContain(sentence => sentence.StartsWith($"Backup {Documents.Id(21)}: Target a", StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_AllTargetsAway_NamesEveryOne()
    {
        foreach (var target in new[] { "a", "b", "c" })
        {
            _fixture.TakeAway(target);
        }

        var listing = await ListAsync();

        listing.Backups.ShouldBeEmpty();
        listing.Unreadable.Count.ShouldBe(3);
    }

    [Fact]
    public async Task List_SilentTarget_IsAskedOnceAndNotForEveryBackup()
    {
        var silent = new CountingTarget("silent");
        for (var day = 1; day <= 20; day++)
        {
            _fixture.PutBackup(Documents.Id(day), "a");
        }

        var listing = await _fixture.With([silent, .. _fixture.Targets]).ListAsync(CancellationToken.None);

        listing.Backups.Count.ShouldBe(20);
        listing.Unreadable.ShouldHaveSingleItem().ShouldContain("silent");
        silent.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task List_AlteredBackup_IsNamedAndDoesNotHideTheOthers()
    {
        _fixture.PutBackup(Documents.Id(20), "a");
        var altered = _fixture.PutBackup(Documents.Id(21), "a");
        altered.Json[^3] ^= 1;
        _fixture.PutManifest(Documents.Id(21), "a", altered.Json, altered.Signature);

        var listing = await ListAsync();

        listing.Backups.ShouldHaveSingleItem().BackupId.ShouldBe(Documents.Id(20));
        listing.Unreadable.ShouldHaveSingleItem().ShouldStartWith($"Backup {Documents.Id(21)}: ");
    }

    [Fact]
    public async Task List_Cancelled_Throws() =>
        await Should.ThrowAsync<OperationCanceledException>(() => _fixture.Catalog.ListAsync(new CancellationToken(canceled: true)));

    private Task<BackupListing> ListAsync() => _fixture.Catalog.ListAsync(CancellationToken.None);
}
