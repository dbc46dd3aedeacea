namespace BackupFunctions.Jobs.Tests.Retention;

public sealed class ImmutabilityTests : IDisposable
{
    private readonly RetentionSite _site = new();
    private readonly VersionedTarget _far;

    public ImmutabilityTests()
    {
        _far = new VersionedTarget(_site.Far);
        _site.Targets = [_site.Near, _far];
    }

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Cleanup_VersionedTarget_DeletesByVersion()
    {
        var (old, _) = await TombstoneAsync();

        (await _site.CleanUpAfterAsync(14)).Result.Deleted.ShouldBe(2);

        _site.FilesOf(old).ShouldBe(["far:manifest.json", "far:manifest.sig", "near:manifest.json", "near:manifest.sig"]);
    }

    [Fact]
    public async Task Cleanup_LockedCopy_StaysAndTheOtherGoes()
    {
        var (old, _) = await TombstoneAsync();
        _far.LockedUntil = _site.Clock.GetUtcNow().AddDays(100);

        var outcome = await _site.CleanUpAfterAsync(14);

        (outcome.Result.Success, outcome.Result.Deleted).ShouldBe((true, 1));
        outcome.Decisions.Single(decision => decision.BackupId == old && decision.Target == "far").Reasons[1].ShouldStartWith("locked by the target until");
        _site.FilesOf(old).Count.ShouldBe(7);
    }

    [Fact]
    public async Task Cleanup_DeletionRefused_IsReportedAndTriedAgain()
    {
        var (old, _) = await TombstoneAsync();
        _far.Refuses = true;
        (await _site.CleanUpAfterAsync(14)).Result.Problems.ShouldHaveSingleItem().ShouldContain("it is locked");
        _far.Refuses = false;
        _site.Clock.Advance(TimeSpan.FromMinutes(1));

        (await _site.CleanUpAsync()).Result.Deleted.ShouldBe(1);

        _site.FilesOf(old).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Cleanup_LockThatWasNotTold_IsBlockedAndNoFailure()
    {
        var (old, _) = await TombstoneAsync();
        _far.Holds = true;

        var result = (await _site.CleanUpAfterAsync(14)).Result;

        (result.Success, result.Deleted, result.Blocked).ShouldBe((true, 1, 1));
        _site.Reporter.Warnings.ShouldHaveSingleItem().ShouldContain("holds a lock");
        (await _site.RecordAsync(old)).Copies.Count(copy => copy.DeletedAt is not null).ShouldBe(2, "the deletion of the locked one has begun");
        _far.Holds = false;
        _site.Clock.Advance(TimeSpan.FromMinutes(1));
        (await _site.CleanUpAsync()).Result.Deleted.ShouldBe(1);
    }

    [Fact]
    public async Task Cleanup_VersionsCannotBeListed_StatesNothingOfThatCopy()
    {
        var (old, _) = await TombstoneAsync();
        _far.Hides = true;

        var result = (await _site.CleanUpAfterAsync(14)).Result;

        (result.Success, result.Deleted).ShouldBe((false, 1));
        result.Problems.ShouldHaveSingleItem().ShouldContain("s3:ListBucketVersions");
        (await _site.RecordAsync(old)).Copies.Single(copy => copy.Target == "far").DeletedAt.ShouldBeNull();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Cleanup_OrphanThatCannotGo_DoesNotEndTheRun(bool locked, bool success)
    {
        var orphan = _site.PutOrphan(ageInDays: 10, writtenDaysAgo: 10);
        (_far.Holds, _far.Refuses) = (locked, !locked);

        var result = (await _site.CleanUpAsync()).Result;

        (result.Success, result.OrphansRemoved).ShouldBe((success, 0));
        _site.Reporter.Warnings.ShouldHaveSingleItem().ShouldContain(locked ? "holds a lock" : "refused to delete");
        _site.FilesOf(orphan).ShouldContain(file => file == "far:000001.tink");
    }

    [Fact]
    public async Task Cleanup_LockEndsBeforeRetentionDoes_IsReported()
    {
        _site.PutBackup(ageInDays: 1);
        _far.LockedUntil = _site.Clock.GetUtcNow().AddDays(3);

        await _site.CleanUpAsync();

        _site.Reporter.Warnings.ShouldHaveSingleItem().ShouldContain("before retention lets it go");
    }

    private async Task<(string Old, string New)> TombstoneAsync()
    {
        var backups = _site.PutOldAndNew();
        await _site.CleanUpAsync();
        _site.PutBackup(ageInDays: -13);
        return backups;
    }
}
