using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Retention;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Jobs.Tests.Retention;

public sealed class HoldAndLeaseTests : IDisposable
{
    private readonly RetentionSite _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Hold_TombstonedBackup_StaysUntilTheHoldEnds()
    {
        var (old, _) = _site.PutOldAndNew();
        await _site.CleanUpAsync();
        _site.Clock.Advance(TimeSpan.FromDays(10));

        var held = await new BackupHold(_site.Environment).RunAsync(old, _site.Clock.GetUtcNow().AddDays(60), "audit", CancellationToken.None);

        held.ShouldBe(["near", "far"]);
        (await _site.RecordAsync(old)).TombstonedAt.ShouldBeNull();
        _site.PutBackup(ageInDays: -50);
        var kept = await _site.CleanUpAfterAsync(59);
        kept.Decisions.Where(decision => decision.BackupId == old).ShouldAllBe(decision => decision.Action == "KEEP" && decision.Reasons[0].StartsWith("held until", StringComparison.Ordinal));
        (await _site.CleanUpAfterAsync(1)).Result.Tombstoned.ShouldBeGreaterThan(0);
        (await _site.RecordAsync(old)).TombstonedAt.ShouldNotBeNull().ShouldBe(_site.Clock.GetUtcNow(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Hold_OneTargetAway_CountsWhenItIsBack()
    {
        var (old, _) = _site.PutOldAndNew();
        await _site.CleanUpAsync();
        _site.TakeAway("near");
        await new BackupHold(_site.Environment).RunAsync(old, _site.Clock.GetUtcNow().AddDays(60), "audit", CancellationToken.None);
        _site.BringBack("near");
        _site.PutBackup(ageInDays: -13);

        (await _site.CleanUpAfterAsync(14)).Result.Deleted.ShouldBe(0);
    }

    [Fact]
    public async Task Hold_DeletedBackup_IsRefused()
    {
        var (old, _) = _site.PutOldAndNew();
        await _site.CleanUpAsync();
        _site.PutBackup(ageInDays: -13);
        await _site.CleanUpAfterAsync(14);

        var refused = await Should.ThrowAsync<PgdrException>(() => new BackupHold(_site.Environment).RunAsync(old, DateTimeOffset.MaxValue, "late", CancellationToken.None));

        refused.Code.ShouldBe(ErrorCodes.BackupUnknown);
        refused.Message.ShouldContain("was deleted");
    }

    [Fact]
    public async Task Lease_BackupIsBeingRead_BlocksItsDeletionUntilTheReadingEnds()
    {
        var (old, _) = _site.PutOldAndNew();
        await _site.CleanUpAsync();
        _site.PutBackup(ageInDays: -13);
        await using (ReadLease.Take(_site.Targets, RetentionSite.Cluster, old, "restore-1", _site.Clock, NullLogger.Instance))
        {
            await WaitForLeaseAsync(old);
            var blocked = await _site.CleanUpAfterAsync(14);
            blocked.Result.Deleted.ShouldBe(0);
            blocked.Decisions.Where(decision => decision.BackupId == old).ShouldAllBe(decision => decision.Action == "BLOCKED" && decision.Reasons[1].StartsWith("in use by restore-1", StringComparison.Ordinal));
        }

        (await _site.CleanUpAsync()).Result.Deleted.ShouldBe(2);
    }

    [Fact]
    public async Task Lease_OfAKilledReader_EndsAndIsRemoved()
    {
        var (old, _) = _site.PutOldAndNew();
        await _site.CleanUpAsync();
        _site.PutBackup(ageInDays: -13);
        _site.PassGrace();
        var key = StorageKeys.Lease(RetentionSite.Cluster, old, "restore-1");
        _site.Write("far", key, [1]);
        _site.Touch("far", key, _site.Clock.GetUtcNow() - ReadLease.Lifetime);

        (await _site.CleanUpAsync()).Result.Deleted.ShouldBe(2);

        File.Exists(_site.PathOf("far", key)).ShouldBeFalse();
    }

    [Fact]
    public async Task Lease_ReadingEndsWhileItIsBeingTaken_LeavesNothingBehind()
    {
        var (old, _) = _site.PutOldAndNew();
        for (var reading = 0; reading < 50; reading++)
        {
            var lease = ReadLease.Take(_site.Targets, RetentionSite.Cluster, old, $"restore-{reading}", _site.Clock, NullLogger.Instance);
            await lease.DisposeAsync();
        }

        foreach (var target in new[] { "near", "far" })
        {
            var folder = _site.PathOf(target, $"main/leases/{old}");
            (Directory.Exists(folder) ? Directory.GetFiles(folder) : []).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Lease_TargetRefuses_DoesNotStopTheReader()
    {
        _site.Near.FailCreate = _ => new InvalidOperationException("read-only");
        _site.Near.FailDelete = _ => new InvalidOperationException("read-only");
        var (old, _) = _site.PutOldAndNew();

        await using var lease = ReadLease.Take(_site.Targets, RetentionSite.Cluster, old, "restore-1", _site.Clock, NullLogger.Instance);

        await WaitForLeaseAsync(old, "far");
    }

    private async Task WaitForLeaseAsync(string backupId, params string[] targets)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        foreach (var target in targets is [] ? ["near", "far"] : targets)
        {
            var folder = _site.PathOf(target, $"main/leases/{backupId}");
            while (!Directory.Exists(folder) || Directory.GetFiles(folder).Length == 0)
            {
                await Task.Delay(20, limit.Token);
            }
        }
    }
}
