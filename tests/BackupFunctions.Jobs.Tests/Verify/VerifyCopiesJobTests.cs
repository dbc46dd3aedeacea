using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Tests.Verify;

public sealed class VerifyCopiesJobTests : IDisposable
{
    private readonly IntegritySite _site = new();

    public void Dispose() => _site.Dispose();

    public static TheoryData<string, CopyCondition> Damages => new()
    {
        { "flipped", CopyCondition.Damaged },
        { "truncated", CopyCondition.Damaged },
        { "object deleted", CopyCondition.Missing },
        { "object of an older backup", CopyCondition.Damaged },
        { "manifest altered", CopyCondition.Damaged },
        { "manifest deleted", CopyCondition.Missing },
        { "signature altered", CopyCondition.Damaged },
        { "all deleted", CopyCondition.Missing },
    };

    [Fact]
    public async Task Check_EverythingIsGood_StatesItOnAllTargets()
    {
        var id = _site.PutBackup(verified: false);

        var result = await _site.CheckAsync(repair: false, id);

        (result.Success, result.Good, result.BytesRead).ShouldBe((true, 3, 2_700_000));
        result.Findings.ShouldBeEmpty();
        _site.Reporter.Warnings.ShouldBeEmpty();
        var record = await _site.RecordAsync(id);
        (record.Status, record.VerifiedAt).ShouldBe((BackupStatus.Verified, _site.Clock.GetUtcNow()));
        record.Copies.ShouldAllBe(copy => copy.Verified);
        IntegritySite.Names.ShouldAllBe(target => _site.StatementsOn(target, id).Count == 2);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Check_CopyIsBad_NamesItQuarantinesItAndTouchesNothing(string damage, CopyCondition condition)
    {
        var id = _site.PutBackup();
        Damage(damage, id);
        var before = _site.CopyOf("far", id);

        var result = await _site.CheckAsync(repair: false, id);

        (result.Success, result.Good, result.Repaired).ShouldBe((false, 2, 0));
        var finding = result.Findings.ShouldHaveSingleItem();
        (finding.BackupId, finding.Target, finding.Condition).ShouldBe((id, "far", condition));
        finding.Detail.ShouldContain("'far'");
        _site.Reporter.Warnings.ShouldHaveSingleItem().ShouldContain(finding.Detail);
        _site.CopyOf("far", id).ShouldBe(before);
        var facts = Catalog.BackupFacts.Of(
            (await _site.Catalog.FindAsync(id, CancellationToken.None))!.Document.Sha256, IntegritySite.Names, await _site.Catalog.StatementsAsync(id, CancellationToken.None));
        facts.Copies.Select(copy => (copy.Target, copy.Verified, copy.Quarantined)).ShouldBe([("near", true, false), ("far", false, true), ("off", true, false)]);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Repair_CopyIsBad_MakesItWholeAndVerifiesItAgain(string damage, CopyCondition condition)
    {
        var id = _site.PutBackup();
        var whole = _site.CopyOf("near", id);
        Damage(damage, id);

        var result = await _site.CheckAsync(repair: true, id);

        (result.Success, result.Repaired).ShouldBe((true, 1));
        var finding = result.Findings.ShouldHaveSingleItem();
        (finding.Condition, finding.Repaired, finding.NotRepaired).ShouldBe((condition, true, null));
        IntegritySite.Names.ShouldAllBe(target => Same(_site.CopyOf(target, id), whole));
        var copy = await _site.CopyAsync(id, "far");
        (copy.Verified, copy.Error).ShouldBe((true, null));
        _site.Reporter.Warnings.ShouldHaveSingleItem().ShouldContain("It was repaired from another copy.");
        (await _site.CheckAsync(repair: false, id)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Check_TargetIsAway_SaysUnreachableAndDoesNotTakeItForMissing()
    {
        var id = _site.PutBackup();
        _site.TakeAway("far");

        var result = await _site.CheckAsync(repair: true, id);

        (result.Success, result.Good, result.Unreachable, result.Missing, result.Repaired).ShouldBe((false, 2, 1, 0, 0));
        result.Findings.ShouldHaveSingleItem().Detail.ShouldContain("Target far is unreachable");
        _site.BringBack("far");
        (await _site.CopyAsync(id, "far")).Error.ShouldBeNull();
        (await _site.CheckAsync(repair: false, id)).Success.ShouldBeTrue();
    }

    [Fact]
    public async Task Check_TargetFailsInTheMiddle_SaysUnreachable()
    {
        var id = _site.PutBackup();
        _site.Target("far").ReadLimit = key => key.EndsWith(IntegritySite.Data, StringComparison.Ordinal) ? 1000 : long.MaxValue;

        var result = await _site.CheckAsync(repair: true, id);

        result.Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Unreachable);
        (await _site.CopyAsync(id, "far")).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Check_StatementForged_CountsForNothingAndIsReportedAndKept()
    {
        var id = _site.PutBackup();
        var forged = $"main/statements/{id}/20260601T000000000Z-quarantined";
        var json = File.ReadAllText(Directory.GetFiles(_site.PathOf("far", $"main/statements/{id}"), "*.json")[0]).Replace("VERIFIED", "QUARANTINED", StringComparison.Ordinal);
        _site.Write("far", forged + ".json", Encoding.UTF8.GetBytes(json));
        _site.Write("far", forged + ".sig", [1, 2, 3]);

        var result = await _site.CheckAsync(repair: true, id);

        (result.Success, result.Good).ShouldBe((false, 3));
        result.Problems.ShouldHaveSingleItem().ShouldContain("altered or damaged");
        (await _site.RecordAsync(id)).Copies.ShouldAllBe(copy => copy.Verified && copy.Error == null);
        File.Exists(_site.PathOf("far", forged + ".json")).ShouldBeTrue();
        File.Exists(_site.PathOf("near", forged + ".json")).ShouldBeFalse();
    }

    [Fact]
    public async Task Check_ManifestIsBadEverywhere_SaysSoAndTouchesNothing()
    {
        var id = _site.PutBackup();
        foreach (var target in IntegritySite.Names)
        {
            _site.Flip(target, id, "manifest.json");
        }

        var before = IntegritySite.Names.Select(target => _site.CopyOf(target, id)).ToList();

        var result = await _site.CheckAsync(repair: true, id);

        result.Success.ShouldBeFalse();
        result.Problems.ShouldHaveSingleItem().ShouldStartWith($"Backup {id}: The manifest was altered or damaged");
        IntegritySite.Names.Select(target => _site.CopyOf(target, id)).ShouldBe(before);
    }

    [Fact]
    public async Task Check_UnreadableBackup_IsReportedAndTakesNoPlaceInTheSample()
    {
        var bad = _site.PutBackup(ageInDays: 3);
        var good = _site.PutBackup();
        foreach (var target in IntegritySite.Names)
        {
            _site.Flip(target, bad, "manifest.json");
        }

        var result = await _site.CheckAsync(repair: true);

        (result.Success, result.Backups, result.Good).ShouldBe((false, 1, 3));
        result.Problems.ShouldHaveSingleItem().ShouldStartWith($"Backup {bad}: ");
        (await _site.RecordAsync(good)).VerifiedAt.ShouldBe(_site.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Check_StatementOfTheFuture_DoesNotOutliveAQuarantine()
    {
        var id = _site.PutBackup();
        await _site.PutStatementAsync(id, StatementKind.Verified, _site.Clock.GetUtcNow().AddDays(100), "near", "far", "off");
        _site.Flip("far", id, IntegritySite.Data);

        await _site.CheckAsync(repair: false, id);

        (await _site.CopyAsync(id, "far")).Error.ShouldBe("quarantined");
    }

    [Fact]
    public async Task Check_HourAfterHour_DoesNotPileUpStatements()
    {
        var good = _site.PutBackup();
        var bad = _site.PutBackup(ageInDays: 3);
        _site.Flip("far", bad, IntegritySite.Data);
        for (var hour = 0; hour < 20; hour++)
        {
            await _site.CheckAsync(repair: false);
            _site.Clock.Advance(TimeSpan.FromHours(1));
        }

        _site.StatementsOn("near", good).Count.ShouldBe(4);
        _site.StatementsOn("near", bad).Count.ShouldBe(6);
    }

    [Fact]
    public async Task Check_CopyTakenByRetention_IsNotMissed()
    {
        var id = _site.PutBackup();
        await _site.PutStatementAsync(id, StatementKind.DeletionStarted, _site.Clock.GetUtcNow(), "far");
        _site.Delete("far", id, IntegritySite.Data);

        var result = await _site.CheckAsync(repair: true, id);

        (result.Success, result.Good).ShouldBe((true, 2));
        _site.CopyOf("far", id).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Check_TargetThatNeverHadACopyWhichRetentionWouldLetGo_IsNotMissed()
    {
        _site.Settings["RETENTION_DAYS"] = "30";
        var id = _site.PutBackup(ageInDays: 40, verified: true, "near", "far");

        var result = await _site.CheckAsync(repair: true, id);

        (result.Success, result.Good, result.Missing).ShouldBe((true, 2, 0));
        _site.CopyOf("off", id).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "No target holds")]
    [InlineData("../../etc", "is not a backup id")]
    public async Task Check_UnknownBackup_IsRefused(string id, string sentence)
    {
        _site.PutBackup();

        var refused = await Should.ThrowAsync<PgdrException>(() => _site.CheckAsync(repair: false, id is "" ? Archive.Manifests.BackupIds.New(_site.Clock) : id));

        refused.Code.ShouldBe(ErrorCodes.BackupUnknown);
        refused.Message.ShouldContain(sentence);
    }

    private void Damage(string damage, string id)
    {
        switch (damage)
        {
            case "flipped":
                _site.Flip("far", id, IntegritySite.Data);
                break;
            case "truncated":
                _site.Write("far", IntegritySite.KeyOf(id, IntegritySite.Data), _site.Read("far", id, IntegritySite.Data)[..^1]);
                break;
            case "object deleted":
                _site.Delete("far", id, IntegritySite.Data);
                break;
            case "object of an older backup":
                _site.Write("far", IntegritySite.KeyOf(id, IntegritySite.Data), _site.Read("far", _site.PutBackup(ageInDays: 9), IntegritySite.Data));
                break;
            case "manifest altered":
                _site.Flip("far", id, "manifest.json");
                break;
            case "manifest deleted":
                _site.Delete("far", id, "manifest.json");
                break;
            case "signature altered":
                _site.Flip("far", id, "manifest.sig");
                break;
            default:
                Directory.Delete(_site.PathOf("far", IntegritySite.KeyOf(id, string.Empty)), recursive: true);
                break;
        }
    }

    private static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.OrderBy(item => item.Key, StringComparer.Ordinal).SequenceEqual(other.OrderBy(item => item.Key, StringComparer.Ordinal));
}
