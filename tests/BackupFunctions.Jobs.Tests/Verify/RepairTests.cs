using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Repair;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Tests.Verify;

public sealed class RepairTests : IDisposable
{
    private readonly IntegritySite _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Repair_BackupThatMissedATarget_GetsItsThirdCopyFromTheHourlyCheck()
    {
        var old = Enumerable.Range(3, 30).Select(age => _site.PutBackup(age)).ToList();
        var id = _site.PutBackup(ageInDays: 0.1, verified: true, "near", "off");

        var result = await _site.CheckAsync(repair: true);

        (result.Success, result.Missing, result.Repaired, result.Backups).ShouldBe((true, 1, 1, 5));
        result.Findings.ShouldHaveSingleItem().Detail.ShouldBe("Target 'far' holds nothing of this backup.");
        _site.CopyOf("far", id).ShouldBe(_site.CopyOf("near", id), ignoreOrder: true);
        _site.StatementsOn("far", id).ShouldBe(_site.StatementsOn("near", id));
        (await _site.CopyAsync(id, "far")).Verified.ShouldBeTrue();
        _site.CopyOf("far", old[0]).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Repair_WhatIsThereAndRight_IsNotWrittenAgain()
    {
        var id = _site.PutBackup();
        _site.Delete("far", id, IntegritySite.Data);
        var written = new List<string>();
        _site.Target("far").FailCreate = key =>
        {
            lock (written)
            {
                written.Add(key);
            }

            return null;
        };

        await _site.CheckAsync(repair: true, id);

        written.Where(key => key.Contains("/backups/", StringComparison.Ordinal)).ShouldBe([IntegritySite.KeyOf(id, IntegritySite.Data)]);
    }

    [Fact]
    public async Task Repair_NoGoodCopyLeft_SaysSoAndTouchesNothing()
    {
        var id = _site.PutBackup();
        foreach (var target in IntegritySite.Names)
        {
            _site.Flip(target, id, IntegritySite.Data);
        }

        _site.Delete("far", id, IntegritySite.Contents);
        var before = IntegritySite.Names.Select(target => _site.CopyOf(target, id)).ToList();

        var result = await _site.CheckAsync(repair: true, id);

        (result.Success, result.Good, result.Damaged, result.Repaired).ShouldBe((false, 0, 3, 0));
        result.Findings.ShouldAllBe(finding => finding.NotRepaired!.StartsWith("No other copy that can be read has a good data/000001.tink"));
        IntegritySite.Names.Select(target => _site.CopyOf(target, id)).ShouldBe(before);
    }

    [Fact]
    public async Task Repair_EveryCopyLacksSomethingElse_TheyHealEachOther()
    {
        var id = _site.PutBackup();
        var whole = _site.CopyOf("near", id);
        _site.Flip("near", id, IntegritySite.Data);
        _site.Delete("far", id, IntegritySite.Contents);
        _site.Flip("off", id, "data/000002.tink");

        var result = await _site.CheckAsync(repair: true, id);

        (result.Success, result.Repaired).ShouldBe((true, 3));
        foreach (var target in IntegritySite.Names)
        {
            _site.CopyOf(target, id).ShouldBe(whole, ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Repair_OnlyGoodCopyIsUnreachable_TouchesNothing()
    {
        var id = _site.PutBackup();
        _site.Flip("near", id, IntegritySite.Data);
        _site.Flip("far", id, IntegritySite.Data);
        var before = _site.CopyOf("near", id);
        _site.TakeAway("off");

        var result = await _site.CheckAsync(repair: true, id);

        (result.Success, result.Damaged, result.Unreachable, result.Repaired).ShouldBe((false, 2, 1, 0));
        _site.CopyOf("near", id).ShouldBe(before);
        _site.BringBack("off");
        (await _site.CheckAsync(repair: true, id)).Repaired.ShouldBe(2);
    }

    [Fact]
    public async Task Repair_KilledAnywhere_LosesNothingAndIsFinishedByTheNextRun()
    {
        var operations = 0;
        for (var killedAt = 1; killedAt < 100 && operations == 0; killedAt++)
        {
            using var site = new IntegritySite();
            var id = site.PutBackup();
            var whole = site.CopyOf("near", id);
            site.Flip("near", id, IntegritySite.Data);
            Directory.Delete(site.PathOf("far", IntegritySite.KeyOf(id, string.Empty)), recursive: true);
            using var killed = new CancellationTokenSource();
            var count = 0;
            Exception? Kill(string key)
            {
                if (!key.Contains("/leases/", StringComparison.Ordinal) && Interlocked.Increment(ref count) >= killedAt)
                {
                    killed.Cancel();
                    return new OperationCanceledException("killed");
                }

                return null;
            }

            foreach (var target in site.Targets)
            {
                (target.FailCreate, target.FailDelete) = (Kill, Kill);
            }

            var failure = await Record.ExceptionAsync(() => site.CheckAsync(repair: true, killed.Token, id));
            if (failure is null)
            {
                operations = killedAt;
            }
            else
            {
                failure.ShouldBeAssignableTo<OperationCanceledException>();
            }

            foreach (var target in site.Targets)
            {
                (target.FailCreate, target.FailDelete) = (_ => null, _ => null);
            }

            // The copy that was good stays so whenever it ends.
            site.CopyOf("off", id).ShouldBe(whole, ignoreOrder: true);
            site.Clock.Advance(TimeSpan.FromMinutes(1));
            (await site.CheckAsync(repair: true, id)).Success.ShouldBeTrue($"killed at operation {killedAt}");
            foreach (var target in IntegritySite.Names)
            {
                site.CopyOf(target, id).ShouldBe(whole, ignoreOrder: true);
            }
        }

        // One deletion, six objects and the statements: else it was never killed in the middle.
        operations.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task Repair_TwoHostsAtOnce_EndInWholeCopies()
    {
        var id = _site.PutBackup();
        var whole = _site.CopyOf("off", id);
        _site.Flip("near", id, IntegritySite.Data);
        _site.Delete("far", id, IntegritySite.Data);

        await Task.WhenAll(Task.Run(() => _site.CheckAsync(repair: true, id)), Task.Run(() => _site.CheckAsync(repair: true, id)));

        (await _site.CheckAsync(repair: true, id)).Success.ShouldBeTrue();
        foreach (var target in IntegritySite.Names)
        {
            _site.CopyOf(target, id).ShouldBe(whole, ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Repair_LockRefusesToReplace_SaysSoAndTheDamagedObjectStays()
    {
        var id = _site.PutBackup();
        _site.Flip("far", id, IntegritySite.Data);
        var before = _site.CopyOf("far", id);
        _site.Target("far").FailDelete = key => key.Contains("/backups/", StringComparison.Ordinal)
            ? new StorageException(ErrorCodes.TargetRefused, "far", "Target far refused to delete: a lock holds it.") : null;

        var result = await _site.CheckAsync(repair: true, id);

        var finding = result.Findings.ShouldHaveSingleItem();
        (finding.Repaired, finding.NotRepaired).ShouldBe((false, "Target far refused to delete: a lock holds it."));
        _site.CopyOf("far", id).ShouldBe(before);
        (await _site.CopyAsync(id, "far")).Error.ShouldBe("quarantined");
    }

    [Fact]
    public async Task Repair_TombstonedCopy_IsLeft()
    {
        var id = _site.PutBackup();
        await _site.PutStatementAsync(id, StatementKind.Tombstoned, _site.Clock.GetUtcNow(), "far");
        _site.Delete("far", id, IntegritySite.Data);

        var result = await _site.CheckAsync(repair: true, id);

        result.Findings.ShouldHaveSingleItem().NotRepaired.ShouldBe("It is tombstoned: retention lets this copy go.");
        _site.CopyOf("far", id).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Repair_BackupThatMayStillBeAtWork_IsLeftForLater()
    {
        var id = _site.PutBackup(ageInDays: 0.01, verified: false, "near", "far");

        (await _site.CheckAsync(repair: true)).Backups.ShouldBe(0);
        (await _site.CheckAsync(repair: true, id)).Findings.ShouldHaveSingleItem().NotRepaired.ShouldNotBeNull().ShouldContain("may still be at work");

        _site.CopyOf("off", id).ShouldBeEmpty();
    }

    [Fact]
    public async Task Repair_BackupThatIsKnownToHaveEnded_IsFinishedAtOnce()
    {
        var id = _site.PutBackup(ageInDays: 0.001, verified: false, "near", "far");

        var result = await _site.FinishAsync(id);

        (result.Success, result.Repaired).ShouldBe((true, 1));
        _site.CopyOf("off", id).ShouldBe(_site.CopyOf("near", id), ignoreOrder: true);
        (await _site.RecordAsync(id)).Copies.ShouldAllBe(copy => copy.Verified);
    }

    [Fact]
    public async Task Repair_StatementIsMissingOrDamagedOnATarget_IsGivenToIt()
    {
        var id = _site.PutBackup();
        var name = _site.StatementsOn("near", id).Single(file => file.EndsWith(".json", StringComparison.Ordinal));
        var key = $"main/statements/{id}/{name}";
        var bytes = File.ReadAllBytes(_site.PathOf("near", key));
        Directory.Delete(_site.PathOf("far", $"main/statements/{id}"), recursive: true);
        _site.Write("off", key, [.. bytes[..^2], (byte)' ', bytes[^1]]);

        (await _site.CheckAsync(repair: true, id)).Success.ShouldBeTrue();

        File.ReadAllBytes(_site.PathOf("far", key)).ShouldBe(bytes);
        File.ReadAllBytes(_site.PathOf("off", key)).ShouldBe(bytes);
        _site.StatementsOn("far", id).ShouldBe(_site.StatementsOn("near", id));
    }

    [Fact]
    public async Task Copier_SourceIsDamagedByThen_TakesTheNextAndNeverShowsWrongBytes()
    {
        var id = _site.PutBackup();
        var item = (await _site.Catalog.FindAsync(id, CancellationToken.None))!.Manifest.Objects.Single(each => each.Name == IntegritySite.Data);
        var key = IntegritySite.KeyOf(id, IntegritySite.Data);
        var good = _site.Read("off", id, IntegritySite.Data);
        _site.Flip("near", id, IntegritySite.Data);
        _site.Delete("far", id, IntegritySite.Data);

        var refused = await Should.ThrowAsync<StorageException>(() => ObjectCopier.CopyAsync([new ObjectSource(_site.Target("near"))], _site.Target("far"), key, item, _ => { }, CancellationToken.None));
        refused.Code.ShouldBe(ErrorCodes.ObjectDamaged);
        File.Exists(_site.PathOf("far", key)).ShouldBeFalse();

        await ObjectCopier.CopyAsync([new ObjectSource(_site.Target("near")), new ObjectSource(_site.Target("off"))], _site.Target("far"), key, item, _ => { }, CancellationToken.None);
        _site.Read("far", id, IntegritySite.Data).ShouldBe(good);
    }
}
