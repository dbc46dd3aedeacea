using BackupFunctions.Archive.Manifests;

namespace BackupFunctions.Jobs.Tests.Retention;

public sealed class OrphanSweepTests : IDisposable
{
    private readonly RetentionSite _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Sweep_KilledBackup_IsRemovedWhenNothingWasWrittenForLong()
    {
        var dead = _site.PutOrphan(ageInDays: 10, writtenDaysAgo: 4);
        var running = _site.PutOrphan(ageInDays: 10, writtenDaysAgo: 2);
        var young = _site.PutOrphan(ageInDays: 1, writtenDaysAgo: 1);

        var result = (await _site.CleanUpAsync()).Result;

        (result.Success, result.OrphansRemoved, result.BytesDeleted).ShouldBe((true, 1, 6));
        _site.FilesOf(dead).ShouldBeEmpty();
        _site.FilesOf(running).Count.ShouldBe(2);
        _site.FilesOf(young).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Sweep_WrittenToOnOneTarget_StaysOnAll()
    {
        var orphan = _site.PutOrphan(ageInDays: 10, writtenDaysAgo: 4);
        _site.Touch("far", StorageKeys.Object(RetentionSite.Cluster, orphan, "data/000001.tink"), _site.Clock.GetUtcNow());

        (await _site.CleanUpAsync()).Result.OrphansRemoved.ShouldBe(0);

        _site.FilesOf(orphan).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Sweep_TargetAway_RemovesNothingSinceTheManifestMayBeThere()
    {
        var orphan = _site.PutOrphan(ageInDays: 10, writtenDaysAgo: 4);
        _site.TakeAway("far");

        (await _site.CleanUpAsync()).Result.OrphansRemoved.ShouldBe(0);

        _site.BringBack("far");
        _site.FilesOf(orphan).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Sweep_ManifestWasRemoved_StaysAndIsReported()
    {
        var backup = _site.PutBackup(ageInDays: 10);
        foreach (var target in new[] { "near", "far" })
        {
            File.Delete(_site.PathOf(target, StorageKeys.Manifest(RetentionSite.Cluster, backup)));
        }

        var result = (await _site.CleanUpAsync()).Result;

        result.Problems.ShouldHaveSingleItem().ShouldContain("has statements and no manifest");
        _site.FilesOf(backup).Count.ShouldBe(8);
    }

    [Fact]
    public async Task Sweep_SignatureWasRemoved_StaysAndIsReported()
    {
        var backup = _site.PutBackup(ageInDays: 10, verified: false);
        foreach (var target in new[] { "near", "far" })
        {
            File.Delete(_site.PathOf(target, StorageKeys.ManifestSignature(RetentionSite.Cluster, backup)));
            foreach (var file in Directory.EnumerateFiles(_site.PathOf(target, StorageKeys.Backup(RetentionSite.Cluster, backup)), "*", SearchOption.AllDirectories))
            {
                File.SetLastWriteTimeUtc(file, _site.Clock.GetUtcNow().AddDays(-9).UtcDateTime);
            }
        }

        var result = (await _site.CleanUpAsync()).Result;

        result.Problems.ShouldHaveSingleItem().ShouldContain("manifest without a signature");
        _site.FilesOf(backup).Count.ShouldBe(8);
    }
}
