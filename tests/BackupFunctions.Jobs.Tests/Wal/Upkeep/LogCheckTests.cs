using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Tests.Verify;
using BackupFunctions.Jobs.Wal.Upkeep;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Tests.Wal.Upkeep;

public sealed class LogCheckTests : IDisposable
{
    private readonly IntegritySite _site = new();
    private readonly LogFolders _log;

    public LogCheckTests() => _log = new LogFolders(_site);

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Check_NoLogAnywhere_SaysNothingOfIt() => (await CheckAsync(repair: true, mayBeNull: true)).ShouldBeNull();

    [Fact]
    public async Task Check_LogIsWholeEverywhere_IsGood()
    {
        _log.PutEpoch();
        _log.PutSegment(1);

        var log = (await CheckAsync(repair: false))!;

        (log.Success, log.Objects, log.Checked, log.Good, log.Missing).ShouldBe((true, 2, 1, 3, 0));
        log.BytesRead.ShouldBe(60_000);
    }

    [Fact]
    public async Task Check_BackupsAreNamed_LeavesTheLogAlone()
    {
        _log.PutEpoch("near");
        var id = _site.PutBackup();

        (await _site.CheckAsync(repair: true, id)).Log.ShouldBeNull();
    }

    [Fact]
    public async Task Repair_TargetMissedLog_GetsAllThatIsStillWorthSomething()
    {
        var documents = _log.PutEpoch("near", "off");
        var history = _log.PutHistory("near");
        string[] wanted =
        [
            history, _log.PutSegment(1, "near", "off"), _log.PutSegment(2, "off"), _log.PutPartial(3, 8192, "off"),
            .. documents, .. _log.PutInventory(1, [history], "near"),
        ];
        string[] worthNothing = [_log.PutPartial(1, 4096, "near"), _log.PutPartial(3, 4096, "near")];

        var log = (await CheckAsync(repair: true))!;

        log.Problems.ShouldBeEmpty();
        (log.Success, log.Missing, log.Copied).ShouldBe((true, 10, 10));
        IntegritySite.Names.ShouldAllBe(target => wanted.All(key => _log.IsGood(target, key)));
        worthNothing.ShouldAllBe(key => !_log.Has("far", key) && !_log.Has("off", key));
        (await CheckAsync(repair: true))!.Missing.ShouldBe(0);
    }

    [Fact]
    public async Task Repair_LogIsCopiedLate_IsNotTakenForYounger()
    {
        _log.PutEpoch();
        _log.PutSegment(1, "near");

        (await CheckAsync(repair: true))!.Copied.ShouldBe(2);

        // The copies are of now: what the log holds is a day old by the site's clock, and what is at risk must not look less.
        var stored = await StoredLog.ReadAsync(IntegritySite.Cluster, LogFolders.System, _site.Targets, requiredCopies: 1, _site.Keys, CancellationToken.None);
        stored.Ranges.ShouldHaveSingleItem().LastAt.ShouldBe(_site.Clock.GetUtcNow() - _log.Age);
    }

    [Fact]
    public async Task Check_TargetMissedLog_IsNotGoodAndChangesNothing()
    {
        _log.PutEpoch();
        var key = _log.PutSegment(1, "near", "off");

        var result = await _site.CheckAsync(repair: false);

        result.Success.ShouldBeFalse();
        (result.Log!.Missing, result.Log.Copied).ShouldBe((1, 0));
        _log.Has("far", key).ShouldBeFalse();
    }

    [Fact]
    public async Task Repair_MoreIsMissingThanOneRunCopies_TheNextGoesOn()
    {
        _log.PutEpoch();
        var keys = Enumerable.Range(1, 20).Select(number => _log.PutSegment(number, "near")).ToList();
        var check = new LogCheck(_site.Environment, _site.Targets, _site.Keys) { Budget = new LogBudget(2, long.MaxValue, 64) };

        var first = (await check.RunAsync(new VerifyCopiesParameters("test", Repair: true), CancellationToken.None))!;

        first.Success.ShouldBeTrue();
        first.Copied.ShouldBeInRange(2, 20);
        _log.IsGood("far", keys[0]).ShouldBeTrue();
        _log.Has("far", keys[^1]).ShouldBeFalse();
        (await CheckAsync(repair: true))!.Copied.ShouldBe(40 - first.Copied);
        keys.ShouldAllBe(key => _log.IsGood("far", key) && _log.IsGood("off", key));
    }

    [Fact]
    public async Task Repair_TheOldestCannotBeCopied_DoNotStandInTheWay()
    {
        _log.PutEpoch();
        foreach (var number in Enumerable.Range(1, 10))
        {
            _log.Flip("near", _log.PutSegment(number, "near"));
        }

        var good = _log.PutSegment(11, "near");
        var check = new LogCheck(_site.Environment, _site.Targets, _site.Keys) { Budget = new LogBudget(100, long.MaxValue, 10) };

        var log = (await check.RunAsync(new VerifyCopiesParameters("test", Repair: true), CancellationToken.None))!;

        (log.Success, log.Copied).ShouldBe((false, 2));
        log.Problems.Count.ShouldBe(10);
        _log.IsGood("far", good).ShouldBeTrue();
    }

    [Fact]
    public async Task Repair_NoTargetHasTheEpoch_IsSaid()
    {
        var key = _log.PutSegment(1, "near");

        var log = (await CheckAsync(repair: true))!;

        (log.Success, log.Copied).ShouldBe((false, 0));
        log.Problems.ShouldHaveSingleItem().ShouldStartWith("1 objects of log of server");
        _log.Has("far", key).ShouldBeFalse();
    }

    [Fact]
    public async Task Repair_LogIsYoung_IsLeftToItsReceiver()
    {
        _log.PutEpoch();
        _log.Age = TimeSpan.FromMinutes(5);
        var key = _log.PutSegment(1, "near");

        var log = (await CheckAsync(repair: true))!;

        (log.Missing, log.Copied).ShouldBe((0, 0));
        _log.Has("far", key).ShouldBeFalse();
    }

    [Fact]
    public async Task Repair_TargetIsAway_NothingIsConcludedOfIt()
    {
        _log.PutEpoch();
        var key = _log.PutSegment(1, "near", "far");
        _site.Target("far").BeforeList = prefix =>
        {
            if (prefix.Contains("/wal/", StringComparison.Ordinal))
            {
                throw new StorageException(ErrorCodes.TargetUnreachable, "far", "Target far is away.");
            }
        };

        var log = (await CheckAsync(repair: true))!;

        (log.Success, log.Missing, log.Copied).ShouldBe((false, 1, 1));
        log.Problems.ShouldBe(["Target far is away."]);
        _log.IsGood("off", key).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repair_OneHolderIsDamaged_IsCopiedFromTheOther(bool listed)
    {
        _log.PutEpoch();
        var key = _log.PutSegment(1, "near", "off");
        if (listed)
        {
            _log.PutInventory(2, [key]);
        }

        _log.Flip("near", key);

        var log = (await CheckAsync(repair: true))!;

        log.Problems.ShouldBeEmpty();
        (log.Success, log.Damaged, log.Repaired, log.Copied).ShouldBe((true, 1, 1, 1));
        IntegritySite.Names.ShouldAllBe(target => _log.IsGood(target, key));
    }

    [Fact]
    public async Task Check_CopyIsDamaged_IsNamedAndLeft()
    {
        _log.PutEpoch();
        var key = _log.PutSegment(1);
        _log.Flip("far", key);

        var result = await _site.CheckAsync(repair: false);

        result.Success.ShouldBeFalse();
        var finding = result.Log!.Findings.ShouldHaveSingleItem();
        (finding.SystemIdentifier, finding.Target, finding.Condition, finding.Repaired, finding.NotRepaired).ShouldBe((LogFolders.System, "far", CopyCondition.Damaged, false, null));
        key.ShouldEndWith(finding.Object);
        _log.IsGood("far", key).ShouldBeFalse();
        _site.Reporter.Warnings.ShouldHaveSingleItem().ShouldBe(finding.Detail);
    }

    [Fact]
    public async Task Repair_CopyReadsRightTheThirdTime_IsLeftAndNotCalledRepaired()
    {
        _log.PutEpoch();
        var key = _log.PutSegment(1);
        _log.Flip("far", key);
        var far = _site.Target("far");
        far.FailOpen = opened =>
        {
            if (opened == key && far.OpenedAt.TryGetValue(key, out var reads) && reads.Count == 3)
            {
                far.FailOpen = _ => null;
                _log.Flip("far", key);
            }

            return null;
        };
        far.FailDelete = _ => throw new InvalidOperationException("It is good.");

        var log = (await CheckAsync(repair: true))!;

        (log.Success, log.Damaged, log.Repaired).ShouldBe((true, 1, 0));
        log.Findings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            finding => finding.ReadRight.ShouldBeTrue(), finding => finding.Repaired.ShouldBeFalse(), finding => finding.NotRepaired.ShouldBeNull());
        _log.IsGood("far", key).ShouldBeTrue();
    }

    [Fact]
    public async Task Repair_EveryCopyIsDamaged_NothingIsTouched()
    {
        _log.PutEpoch();
        var key = _log.PutSegment(1, "near", "far");
        _log.Flip("near", key);
        _log.Flip("far", key);

        var log = (await CheckAsync(repair: true))!;

        (log.Success, log.Damaged, log.Repaired, log.Copied).ShouldBe((false, 2, 0, 0));
        log.Findings.ShouldAllBe(finding => finding.NotRepaired!.StartsWith("No other target"));
        log.Problems.ShouldHaveSingleItem().ShouldContain("copied nowhere");
        (_log.Has("near", key), _log.Has("far", key), _log.Has("off", key)).ShouldBe((true, true, false));
    }

    [Fact]
    public async Task Repair_TargetRefusesTheDeletion_SaysWhyAndKeepsTheDamagedCopy()
    {
        _log.PutEpoch();
        var key = _log.PutSegment(1);
        _log.Flip("far", key);
        _site.Target("far").FailDelete = _ => new StorageException(ErrorCodes.ObjectLocked, "far", "A lock holds it.");

        var log = (await CheckAsync(repair: true))!;

        log.Success.ShouldBeFalse();
        log.Findings.ShouldHaveSingleItem().NotRepaired.ShouldBe("A lock holds it.");
        _log.Has("far", key).ShouldBeTrue();
    }

    [Fact]
    public async Task Repair_TargetTakesNothing_IsSaidAndOtherTargetsGetTheirs()
    {
        _log.PutEpoch();
        var key = _log.PutSegment(1, "near");
        _site.Target("far").FailCreate = _ => new StorageException(ErrorCodes.TargetRefused, "far", "Target far is full.");

        var log = (await CheckAsync(repair: true))!;

        (log.Success, log.Missing, log.Copied).ShouldBe((false, 2, 1));
        log.Problems.ShouldHaveSingleItem().ShouldContain("Target far is full.");
        _log.IsGood("off", key).ShouldBeTrue();
    }

    [Fact]
    public async Task Repair_TargetKeepsOtherBytesThanItWasGiven_IsFoundByReadingBack()
    {
        _log.PutEpoch();
        var key = _log.PutSegment(1, "near", "off");
        _site.Target("far").Flips = _ => true;

        var log = (await CheckAsync(repair: true))!;

        (log.Success, log.Copied).ShouldBe((false, 0));
        log.Problems.ShouldHaveSingleItem().ShouldContain("read again");
        _log.IsGood("far", key).ShouldBeFalse();
    }

    [Fact]
    public async Task Repair_InventoryListsAnotherObject_TheStrangersIsNotSpread()
    {
        _log.PutEpoch();
        _log.PutInventory(2, [_log.PutSegment(1)]);
        var strange = _log.PutSegment(1, "near");

        var log = (await CheckAsync(repair: true))!;

        (log.Success, log.Copied).ShouldBe((false, 0));
        log.Problems.ShouldHaveSingleItem().ShouldContain("not what its receiver archived");
        _log.Has("far", strange).ShouldBeFalse();
    }

    [Fact]
    public async Task Repair_NobodySignedTheEpoch_ItsLogIsNotSpread()
    {
        var epoch = _log.PutEpoch()[0];
        var key = _log.PutSegment(1, "near");
        foreach (var target in IntegritySite.Names)
        {
            _log.Flip(target, epoch);
        }

        var log = (await CheckAsync(repair: true))!;

        (log.Success, log.Copied).ShouldBe((false, 0));
        _log.Has("far", key).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Check_DocumentIsAltered_IsNamedAndReplacedWhenAsked(bool repair)
    {
        var epoch = _log.PutEpoch()[0];
        _log.PutSegment(1);
        _log.Flip("far", epoch);

        var log = (await CheckAsync(repair))!;

        (log.Success, log.Damaged, log.Repaired).ShouldBe((repair, 1, repair ? 1 : 0));
        log.Findings.ShouldHaveSingleItem().Object.ShouldBe($"epochs/{LogFolders.Epoch}");
        _log.IsGood("far", epoch).ShouldBe(repair);
    }

    [Fact]
    public void Sample_OfMany_IsATenthAtMostAndTheSameAllHour()
    {
        _log.PutEpoch();
        var now = new DateTimeOffset(2026, 6, 1, 5, 10, 0, TimeSpan.Zero);
        IReadOnlyList<LogObject> Objects(int count) => [.. Enumerable.Range(0, count).Select(number => new LogObject($"{number}", null!, default))];
        IReadOnlyList<string> Keys(int count, DateTimeOffset at, bool all = false) => [.. LogSample.Choose(Objects(count), at, all).Select(item => item.Key)];

        (Keys(0, now).Count, Keys(1, now).Count, Keys(101, now).Count, Keys(5000, now).Count, Keys(5000, now, all: true).Count).ShouldBe((0, 1, 11, LogSample.Most, 5000));
        Keys(5000, now.AddMinutes(49)).ShouldBe(Keys(5000, now));
        Keys(5000, now.AddMinutes(50)).ShouldNotBe(Keys(5000, now));
    }

    private async Task<LogCheckResult?> CheckAsync(bool repair, bool mayBeNull = false)
    {
        var log = (await _site.CheckAsync(repair)).Log;
        (log is null).ShouldBe(mayBeNull);
        return log;
    }
}
