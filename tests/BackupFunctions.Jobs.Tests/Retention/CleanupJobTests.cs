namespace BackupFunctions.Jobs.Tests.Retention;

public sealed class CleanupJobTests : IDisposable
{
    private static readonly string[] Everything =
    [
        "far:000001.tink", "far:000002.tink", "far:contents.tink", "far:manifest.json", "far:manifest.sig",
        "near:000001.tink", "near:000002.tink", "near:contents.tink", "near:manifest.json", "near:manifest.sig",
    ];

    private static readonly string[] MetadataOnly = ["far:manifest.json", "far:manifest.sig", "near:manifest.json", "near:manifest.sig"];

    private readonly RetentionSite _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Cleanup_ExpiredBackup_IsTombstonedThenDeletedAfterTheGraceAndRemembered()
    {
        var (old, young) = _site.PutOldAndNew();

        var first = (await _site.CleanUpAsync()).Result;

        (first.Success, first.Tombstoned, first.Deleted, first.Kept).ShouldBe((true, 2, 0, 2));
        _site.FilesOf(old).ShouldBe(Everything);
        (await _site.RecordAsync(old)).TombstonedAt.ShouldBe(_site.Clock.GetUtcNow());
        (await _site.ListedAsync()).ShouldBe([young, old]);

        (await _site.CleanUpAfterAsync(13)).Result.Deleted.ShouldBe(0);
        _site.PutBackup(ageInDays: 1);
        var last = (await _site.CleanUpAfterAsync(1)).Result;

        (last.Success, last.Deleted, last.BytesDeleted).ShouldBe((true, 2, 600));
        _site.FilesOf(old).ShouldBe(MetadataOnly);
        _site.FilesOf(young).ShouldBe(Everything);
        (await _site.ListedAsync()).ShouldNotContain(old, StringComparer.Ordinal);
        var record = await _site.RecordAsync(old);
        record.DeletedAt.ShouldBe(_site.Clock.GetUtcNow().AddMilliseconds(1));
        record.Copies.ShouldAllBe(copy => !copy.Written && copy.DeletedAt != null);
    }

    [Fact]
    public async Task Cleanup_TenantsWithOldBackupsOnly_KeepTheLastGoodOneOfEach()
    {
        var older = _site.PutTenant(ageInDays: 50, "acme");
        var last = _site.PutTenant(ageInDays: 45, "acme");
        var other = _site.PutTenant(ageInDays: 60, "globex");
        _site.PutBackup(ageInDays: 1);

        await _site.CleanUpAsync();
        (await _site.CleanUpAfterAsync(14)).Result.Deleted.ShouldBe(2);

        _site.FilesOf(older).ShouldBe(MetadataOnly);
        _site.FilesOf(last).ShouldBe(Everything);
        _site.FilesOf(other).ShouldBe(Everything);
    }

    [Fact]
    public async Task Cleanup_DryRun_TellsAndChangesNothing()
    {
        var (old, young) = _site.PutOldAndNew();
        _site.PutOrphan(ageInDays: 10, writtenDaysAgo: 10);
        var before = _site.AllFiles();

        var outcome = await _site.CleanUpAsync(dryRun: true);

        (outcome.Result.Tombstoned, outcome.Result.OrphansRemoved).ShouldBe((2, 1));
        outcome.Decisions.Select(decision => (decision.BackupId, decision.Target, decision.Action)).ShouldBe(
            [(young, "far", "KEEP"), (young, "near", "KEEP"), (old, "far", "TOMBSTONE"), (old, "near", "TOMBSTONE")]);
        outcome.Decisions.ShouldAllBe(decision => decision.Reasons.Count > 0);
        outcome.Result.Decisions.Count.ShouldBe(2);
        _site.AllFiles().ShouldBe(before);
    }

    [Fact]
    public async Task Cleanup_LogWithoutAnyBase_IsCountedAndStays()
    {
        _site.PutBackup(ageInDays: 1);
        var key = $"main/wal/7301234567890123456/00000001/{new string('0', 7)}1{new string('0', 15)}1-20250101T020000000Z-00000001-{new string('a', 32)}";
        _site.PutEpoch("7301234567890123456", "20250101T020000000Z-00000001");
        foreach (var target in new[] { "near", "far" })
        {
            _site.Write(target, key, [1]);
            _site.Touch(target, key, _site.Clock.GetUtcNow().AddDays(-400));
        }

        var result = (await _site.CleanUpAfterAsync(30)).Result;

        (result.Success, result.WalObjects, result.WalUnneeded).ShouldBe((true, 1, 0));
        _site.AllFiles().Count(file => file.EndsWith(key, StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Cleanup_LogWhoseEpochIsGone_IsAProblemAndBackupsGoOn()
    {
        _site.PutOldAndNew();
        _site.Write("near", $"main/wal/7301234567890123456/00000001/{new string('0', 7)}1{new string('0', 15)}1-20250101T020000000Z-00000001-{new string('a', 32)}", [1]);

        var result = (await _site.CleanUpAsync()).Result;

        (result.Success, result.Tombstoned).ShouldBe((false, 2));
        result.Problems.ShouldHaveSingleItem().ShouldContain("Epoch 20250101T020000000Z-00000001");
    }

    [Fact]
    public async Task Cleanup_RunTwice_ChangesNothingMore()
    {
        _site.PutOldAndNew();
        await _site.CleanUpAsync();
        var before = _site.AllFiles();

        (await _site.CleanUpAsync()).Result.Success.ShouldBeTrue();

        _site.AllFiles().ShouldBe(before);
    }

    [Fact]
    public async Task Cleanup_TargetAway_DeletesNothingAnywhereAndSaysSo()
    {
        var (old, _) = _site.PutOldAndNew();
        await _site.CleanUpAsync();
        _site.PutBackup(ageInDays: -13);
        _site.TakeAway("far");

        var result = (await _site.CleanUpAfterAsync(14)).Result;

        (result.Success, result.Deleted, result.Tombstoned).ShouldBe((false, 0, 0));
        result.Problems.ShouldHaveSingleItem().ShouldContain("Target far is unreachable");
        result.Blocked.ShouldBeGreaterThan(0);
        _site.BringBack("far");
        _site.FilesOf(old).ShouldBe(Everything);
        (await _site.CleanUpAsync()).Result.Deleted.ShouldBe(2);
    }

    [Fact]
    public async Task Cleanup_ManifestUnreadable_DeletesNothing()
    {
        var (old, young) = _site.PutOldAndNew();
        foreach (var target in new[] { "near", "far" })
        {
            _site.Write(target, $"main/backups/{young}/manifest.json", [1, 2, 3]);
        }

        var result = (await _site.CleanUpAsync()).Result;

        (result.Success, result.Tombstoned).ShouldBe((false, 0));
        result.Problems.ShouldHaveSingleItem().ShouldStartWith($"Backup {young}: ");
        _site.FilesOf(old).ShouldBe(Everything);
    }

    [Fact]
    public async Task Cleanup_StatementOfALaterVersion_StopsItsDatabaseOnly()
    {
        var (_, young) = _site.PutOldAndNew();
        var other = _site.PutBackup(50, "crm");
        _site.PutBackup(1, "crm");
        _site.PutStatementOfTheFuture(young);

        var outcome = await _site.CleanUpAsync();

        outcome.Result.Problems.ShouldHaveSingleItem().ShouldContain("Use the version that wrote it");
        outcome.Decisions.Where(decision => decision.Action == "TOMBSTONE").ShouldAllBe(decision => decision.BackupId == other);
        outcome.Result.Tombstoned.ShouldBe(2);
    }

    [Fact]
    public async Task Cleanup_CopyWithAnUnreadableManifest_IsLeftAlone()
    {
        var (old, _) = _site.PutOldAndNew();
        _site.Write("far", $"main/backups/{old}/manifest.sig", [1, 2, 3]);

        var outcome = await _site.CleanUpAsync();

        outcome.Decisions.Single(decision => decision.BackupId == old && decision.Target == "far").Action.ShouldBe("BLOCKED");
    }

    [Fact]
    public async Task Cleanup_KilledAnywhere_IsFinishedByTheNextRuns()
    {
        var operations = 0;
        for (var killedAt = 1; killedAt < 100; killedAt++)
        {
            using var site = new RetentionSite();
            var (old, young) = site.PutOldAndNew();
            var incremental = site.PutBackup(35, RetentionSite.Database, verified: true, old);
            await site.CleanUpAsync();
            site.PutBackup(ageInDays: -13);

            // Tombstones of one run are a millisecond apart, in no certain order: both are due.
            site.PassGrace();
            var count = 0;
            Exception? Kill(string key) => Interlocked.Increment(ref count) >= killedAt ? new OperationCanceledException("killed") : null;
            (site.Near.FailDelete, site.Far.FailDelete, site.Near.FailCreate, site.Far.FailCreate) = (Kill, Kill, Kill, Kill);
            var finished = await Record.ExceptionAsync(() => site.CleanUpAsync()) is null;
            (site.Near.FailDelete, site.Far.FailDelete, site.Near.FailCreate, site.Far.FailCreate) = (_ => null, _ => null, _ => null, _ => null);
            if (finished)
            {
                operations = killedAt;
                break;
            }

            site.Clock.Advance(TimeSpan.FromMinutes(1));
            (await site.CleanUpAsync()).Result.Success.ShouldBeTrue();
            site.FilesOf(old).ShouldBe(MetadataOnly, $"killed at operation {killedAt}");
            site.FilesOf(incremental).ShouldBe(MetadataOnly, $"killed at operation {killedAt}");
            site.FilesOf(young).ShouldBe(Everything);
            (await site.RecordAsync(old)).DeletedAt.ShouldNotBeNull();
        }

        // Two backups, six objects each, and their statements: else it was never killed in the middle.
        operations.ShouldBeGreaterThan(12);
    }

    [Fact]
    public async Task Cleanup_DeletionHadBegunAndThePolicyChanged_IsStillFinished()
    {
        var (old, _) = _site.PutOldAndNew();
        await _site.CleanUpAsync();
        _site.PutBackup(ageInDays: -13);
        _site.PassGrace();
        _site.Far.FailDelete = _ => new OperationCanceledException("killed");
        await Should.ThrowAsync<OperationCanceledException>(() => _site.CleanUpAsync());
        _site.Far.FailDelete = _ => null;
        _site.Settings["RETENTION_DAYS"] = "3650";
        _site.Clock.Advance(TimeSpan.FromMinutes(1));

        var outcome = await _site.CleanUpAsync();

        outcome.Result.Deleted.ShouldBe(2);
        _site.FilesOf(old).ShouldBe(MetadataOnly);
    }

    [Fact]
    public async Task Cleanup_PolicyKeepsItAgain_CancelsTheTombstoneSoThatALaterOneHasItsOwnGrace()
    {
        var (old, _) = _site.PutOldAndNew();
        await _site.CleanUpAsync();
        _site.Settings["RETENTION_DAYS"] = "3650";

        (await _site.CleanUpAfterAsync(1)).Result.TombstonesCancelled.ShouldBe(2);

        (await _site.RecordAsync(old)).TombstonedAt.ShouldBeNull();
        _site.Settings["RETENTION_DAYS"] = "30";
        _site.PutBackup(ageInDays: -19);
        (await _site.CleanUpAfterAsync(20)).Result.Deleted.ShouldBe(0);
        _site.FilesOf(old).ShouldBe(Everything);
    }

    [Fact]
    public async Task Cleanup_ChildCannotBeDeleted_ItsParentStays()
    {
        var (old, _) = _site.PutOldAndNew();
        var incremental = _site.PutBackup(35, RetentionSite.Database, verified: true, old);
        await _site.CleanUpAsync();
        _site.PutBackup(ageInDays: -13);
        _site.Far.FailDelete = key => key.Contains(incremental, StringComparison.Ordinal)
            ? new Storage.StorageException(Contracts.ErrorCodes.TargetRefused, "far", "Target far refused to delete: a lock holds it.") : null;

        var result = (await _site.CleanUpAfterAsync(14)).Result;

        result.Problems.ShouldContain("Target far refused to delete: a lock holds it.", StringComparer.Ordinal);
        _site.FilesOf(old).ShouldBe(Everything);
        _site.Far.FailDelete = _ => null;
        _site.Clock.Advance(TimeSpan.FromMinutes(1));
        (await _site.CleanUpAsync()).Result.Success.ShouldBeTrue();
        _site.FilesOf(old).ShouldBe(MetadataOnly);
    }
}
