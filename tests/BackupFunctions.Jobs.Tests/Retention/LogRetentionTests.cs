using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Catalog.Wal.Windows;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Wal.Upkeep;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Tests.Retention;

/// <summary>Which log goes, when, and what stands against it.</summary>
public sealed class LogRetentionTests : IDisposable
{
    private readonly RetentionSite _site = new();
    private string? _oldBase;

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Cleanup_LogThatNoBaseNeeds_IsStatedAndGoesAfterTheGrace()
    {
        PutHistory();

        var first = (await _site.CleanUpAsync()).Result;

        (first.Success, first.WalDeleted, first.WalEpochsDeleted).ShouldBe((true, 0, 0));
        _site.Segments().ShouldBe(LogHistory.Both);
        _site.FilesBelow("near", StorageKeys.WalExpiries(RetentionSite.Cluster, RetentionSite.System)).Count.ShouldBe(2);
        (await _site.CleanUpAfterAsync(13)).Result.WalDeleted.ShouldBe(0);
        _site.Segments().ShouldBe(LogHistory.Both);

        var last = (await _site.CleanUpAfterAsync(1)).Result;

        last.Success.ShouldBeTrue();
        last.Problems.ShouldBeEmpty();
        _site.Segments().ShouldBe(LogHistory.Needed);
    }

    [Fact]
    public async Task Cleanup_OldBaseGone_ItsLogGoesWithItsEpochsAGraceLater()
    {
        var (old, young) = PutHistory();

        // Its tombstone, its deletion, and the grace of its log.
        await _site.CleanUpAsync();
        (await _site.CleanUpAfterAsync(14)).Result.Deleted.ShouldBe(2);
        _site.Segments().ShouldBe(LogHistory.Needed);
        (await _site.CleanUpAfterAsync(13)).Result.WalDeleted.ShouldBe(0);

        var last = (await _site.CleanUpAfterAsync(1)).Result;

        (last.Success, last.WalEpochsDeleted).ShouldBe((true, 1));
        _site.Segments().ShouldBe(LogHistory.FromNewBase);
        _site.FilesBelow("far", StorageKeys.WalEpochs(RetentionSite.Cluster, RetentionSite.System)).ShouldBe([$"{young}.json", $"{young}.sig"]);
        _site.FilesBelow("near", StorageKeys.WalTimeline(RetentionSite.Cluster, RetentionSite.System, 1)).ShouldNotContain(file => file.Contains(old, StringComparison.Ordinal));
        (await _site.CleanUpAfterAsync(1)).Result.ShouldSatisfyAllConditions(result => result.Success.ShouldBeTrue(), result => result.WalDeleted.ShouldBe(0));
        _site.Segments().ShouldBe(LogHistory.FromNewBase);
    }

    [Fact]
    public async Task Cleanup_RunTwice_StatesOnce()
    {
        PutHistory();
        await _site.CleanUpAsync();
        var before = _site.AllFiles();

        (await _site.CleanUpAfterAsync(0)).Result.Success.ShouldBeTrue();

        _site.AllFiles().ShouldBe(before);
    }

    [Fact]
    public async Task Cleanup_DryRun_ExplainsEveryStretchAndWritesNothing()
    {
        PutHistory();
        var before = _site.AllFiles();

        var outcome = await _site.CleanUpAsync(dryRun: true);

        _site.AllFiles().ShouldBe(before);
        outcome.Log.Select(decision => (decision.FromLsn, decision.ToLsn, decision.Objects, decision.Action)).ShouldBe(
            [("0/0", "0/3000000", 2, "TOMBSTONE"), ("0/3000000", "0/5000000", 2, "KEEP"), ("0/5000000", "0/A000000", 5, "TOMBSTONE"), ("0/A000000", "FFFFFFFF/FFFFFFFF", 11, "KEEP")]);
        outcome.Log[1].Reasons.ShouldBe([$"needed by base {_oldBase}"]);
        outcome.Log[3].Reasons.ShouldContain(reason => reason.StartsWith("recovery window of timeline 1, from base", StringComparison.Ordinal));
        await _site.CleanUpAsync();
        _site.Clock.Advance(TimeSpan.FromDays(1));
        var waiting = (await _site.CleanUpAsync(dryRun: true)).Log[0];
        (waiting.Action, waiting.DeletableAt).ShouldBe(("KEEP", _site.Clock.GetUtcNow().AddDays(13)));
        _site.Clock.Advance(TimeSpan.FromDays(13));
        (await _site.CleanUpAsync(dryRun: true)).ShouldSatisfyAllConditions(
            due => due.Log[0].Action.ShouldBe("DELETE"), due => due.Result.WalDeleted.ShouldBe(14));
        _site.Segments().ShouldBe(LogHistory.Both);
    }

    [Fact]
    public async Task Cleanup_SparedInBetween_BeginsAnew()
    {
        PutHistory();
        await _site.CleanUpAsync();
        _site.Clock.Advance(TimeSpan.FromDays(7));

        // It needs segments 6 and 7; then it is found out to be no backup.
        var needing = _site.PutBase(ageInDays: 72, segment: 6);
        await _site.CleanUpAsync();
        Directory.Delete(_site.PathOf("near", StorageKeys.Backup(RetentionSite.Cluster, needing)), recursive: true);
        Directory.Delete(_site.PathOf("far", StorageKeys.Backup(RetentionSite.Cluster, needing)), recursive: true);
        Directory.Delete(_site.PathOf("near", StorageKeys.Statements(RetentionSite.Cluster, needing)), recursive: true);
        Directory.Delete(_site.PathOf("far", StorageKeys.Statements(RetentionSite.Cluster, needing)), recursive: true);
        await _site.CleanUpAsync();

        await _site.CleanUpAfterAsync(7);
        _site.Segments().ShouldBe([3, 4, 6, 7, .. LogHistory.FromNewBase]);
        await _site.CleanUpAfterAsync(8);
        _site.Segments().ShouldBe(LogHistory.Needed);
    }

    [Fact]
    public async Task Cleanup_BaseInUse_AllLogFromItOnStays()
    {
        PutHistory();
        await _site.CleanUpAsync();
        _site.PassGrace();
        var lease = StorageKeys.Lease(RetentionSite.Cluster, _oldBase!, "restore-1");
        _site.Write("far", lease, [1]);
        _site.Touch("far", lease, _site.Clock.GetUtcNow());

        (await _site.CleanUpAsync()).Result.Success.ShouldBeTrue();
        _site.Segments().ShouldBe([.. Enumerable.Range(3, 18)]);

        // It ends after seven days; the grace begins anew.
        (await _site.CleanUpAfterAsync(8)).Result.WalDeleted.ShouldBe(0);
        await _site.CleanUpAfterAsync(14);
        _site.Segments().ShouldBe(LogHistory.FromNewBase);
    }

    [Fact]
    public async Task Cleanup_ReaderComesBetweenPlanAndDeletion_NothingGoes()
    {
        PutHistory();
        await _site.CleanUpAsync();
        _site.PassGrace();
        var lease = StorageKeys.Lease(RetentionSite.Cluster, _oldBase!, "restore-1");
        _site.Near.FailCreate = key =>
        {
            // The statement that the deletion begins.
            if (key.Contains("/expiry/", StringComparison.Ordinal))
            {
                _site.Write("far", lease, [1]);
                _site.Touch("far", lease, _site.Clock.GetUtcNow());
            }

            return null;
        };

        (await _site.CleanUpAsync()).Result.WalDeleted.ShouldBe(0);

        _site.Segments().ShouldBe(LogHistory.Both);
        _site.Reporter.Warnings.ShouldContain(warning => warning.Contains("in use by restore-1 since just now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cleanup_TargetAway_NeitherStatesNorDeletes()
    {
        PutHistory();
        await _site.CleanUpAsync();
        _site.PassGrace();
        _site.TakeAway("far");
        var before = _site.FilesBelow("near", RetentionSite.Cluster);

        (await _site.CleanUpAsync()).Result.ShouldSatisfyAllConditions(result => result.Success.ShouldBeFalse(), result => result.WalDeleted.ShouldBe(0));

        _site.FilesBelow("near", RetentionSite.Cluster).ShouldBe(before);
        _site.BringBack("far");
        await _site.CleanUpAsync();
        _site.Segments().ShouldBe(LogHistory.Needed);
    }

    [Fact]
    public async Task Cleanup_TargetDoesNotTakeTheStatement_DeletesNothing()
    {
        PutHistory();
        await _site.CleanUpAsync();
        _site.PassGrace();
        _site.Far.FailCreate = key => key.Contains("/expiry/", StringComparison.Ordinal) ? new StorageException(ErrorCodes.TargetRefused, "far", "Target far is full.") : null;

        await Should.ThrowAsync<StorageException>(() => _site.CleanUpAsync());

        _site.Segments().ShouldBe(LogHistory.Both);
    }

    [Fact]
    public async Task Cleanup_LockOrRefusal_IsToldAndTriedAgain()
    {
        PutHistory();
        await _site.CleanUpAsync();
        _site.PassGrace();
        _site.Far.FailDelete = key => key.Contains("/00000001/", StringComparison.Ordinal) ? new StorageException(ErrorCodes.ObjectLocked, "far", "Target far holds a lock.") : null;
        _site.Near.FailDelete = key => key.Contains("/00000001/", StringComparison.Ordinal) ? new StorageException(ErrorCodes.TargetRefused, "near", "Target near refused: allow deletions.") : null;

        var result = (await _site.CleanUpAsync()).Result;

        (result.Success, result.WalDeleted, result.WalLocked).ShouldBe((false, 0, 7));
        result.Problems.ShouldBe(["Target near refused: allow deletions."]);
        _site.Reporter.Warnings.ShouldContain("Target far holds a lock.", StringComparer.Ordinal);
        (_site.Far.FailDelete, _site.Near.FailDelete) = (_ => null, _ => null);
        (await _site.CleanUpAsync()).Result.Success.ShouldBeTrue();
        _site.Segments().ShouldBe(LogHistory.Needed);
    }

    [Fact]
    public async Task Cleanup_LogWrittenAgainLately_StaysInTheMiddleOfWhatGoes()
    {
        PutHistory();
        await _site.CleanUpAsync();
        _site.PassGrace();
        _site.PutLog(ageInDays: 1, firstSegment: 1, segments: 1);

        await _site.CleanUpAsync();

        _site.Segments().ShouldBe([1, 1, .. LogHistory.Needed]);
    }

    [Fact]
    public async Task Cleanup_VersionedTarget_LeavesNoVersionAndNoMarker()
    {
        PutHistory();
        _site.Targets = [_site.Near, new VersionedTarget(_site.Far)];
        await _site.CleanUpAsync();

        (await _site.CleanUpAfterAsync(14)).Result.Success.ShouldBeTrue();

        _site.Segments().ShouldBe(LogHistory.Needed);
    }

    [Fact]
    public async Task Cleanup_VersionsMayNotBeListed_NothingGoesThereAndItIsSaid()
    {
        PutHistory();
        _site.Targets = [_site.Near, new VersionedTarget(_site.Far) { Hides = true }];
        await _site.CleanUpAsync();

        var result = (await _site.CleanUpAfterAsync(14)).Result;

        result.Problems.ShouldContain("Target far refused: allow s3:ListBucketVersions.", StringComparer.Ordinal);
        _site.SegmentsOn("far").ShouldBe(LogHistory.Both);
    }

    [Fact]
    public async Task Cleanup_HiddenVersionsOfAnEpoch_KeepIt()
    {
        _site.PutBase(ageInDays: 31, segment: 10);
        var epoch = _site.PutLog(ageInDays: 69, firstSegment: 1, segments: 9);
        _site.PutLog(ageInDays: 31, firstSegment: 10, segments: 11);
        _site.Targets = [_site.Near, new VersionedTarget(_site.Far) { Hidden = RetentionSite.SegmentKey(epoch, 12) }];
        await _site.CleanUpAsync();

        (await _site.CleanUpAfterAsync(14)).Result.ShouldSatisfyAllConditions(result => result.Success.ShouldBeTrue(), result => result.WalEpochsDeleted.ShouldBe(0));

        _site.Segments().ShouldBe(LogHistory.FromNewBase);
        _site.FilesBelow("far", StorageKeys.WalEpochs(RetentionSite.Cluster, RetentionSite.System)).ShouldContain($"{epoch}.json", StringComparer.Ordinal);
    }

    [Fact]
    public async Task Cleanup_KilledAnywhere_IsFinishedByTheNextRuns()
    {
        var operations = 0;
        for (var killedAt = 1; killedAt < 100; killedAt++)
        {
            using var site = new RetentionSite();
            site.PutBase(ageInDays: 31, segment: 10);
            site.PutLog(ageInDays: 69, firstSegment: 1, segments: 9);
            site.PutLog(ageInDays: 31, firstSegment: 10, segments: 11);
            await site.CleanUpAsync();
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
            (await site.CleanUpAsync()).Result.ShouldSatisfyAllConditions($"killed at operation {killedAt}", result => result.Success.ShouldBeTrue(), result => result.Problems.ShouldBeEmpty());
            foreach (var target in new[] { "near", "far" })
            {
                site.SegmentsOn(target).ShouldBe(LogHistory.FromNewBase, $"killed at operation {killedAt}");
                site.FilesBelow(target, StorageKeys.WalEpochs(RetentionSite.Cluster, RetentionSite.System)).Count.ShouldBe(2, $"killed at operation {killedAt}");
                site.FilesBelow(target, StorageKeys.WalTimeline(RetentionSite.Cluster, RetentionSite.System, 1)).Count.ShouldBe(LogHistory.FromNewBase.Length + 2, $"killed at operation {killedAt}");
            }
        }

        // Nine segments, an inventory and an epoch with their signatures on each target, and a statement.
        operations.ShouldBeGreaterThan(20);
    }

    private (string OldEpoch, string NewEpoch) PutHistory()
    {
        var (epochs, oldBase) = _site.PutHistory();
        _oldBase = oldBase;
        return epochs;
    }
}
