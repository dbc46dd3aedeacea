using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Faults.Tests.Support;

namespace BackupFunctions.Faults.Tests;

/// <summary>Objects that are not what was written: on the target that is read first, so that the damage is met.</summary>
[Collection(FaultCollection.Name)]
public sealed class DamagedCopyTests(FaultFixture fixture)
{
    [Theory]
    [InlineData("r2", "largest", 0)]
    [InlineData("r2", "largest", 200_000)]
    [InlineData("r2", "largest", -1)]
    [InlineData("b2", "contents.tink", 100)]
    [InlineData("local", "largest", 200_000)]
    [InlineData("r2", "globals.tink", -1)]
    [InlineData("r2", "manifest.json", 0)]
    [InlineData("local", "manifest.json", -1)]
    [InlineData("b2", "manifest.sig", 10)]
    public async Task Copy_OneBitFlipped_IsNotReadNamedDamagedAndRepaired(string target, string name, int offset)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var key = KeyOf(backup, name);
        var bytes = backup.Objects[key].ToArray();
        bytes[offset < 0 ? bytes.Length + offset : offset] ^= 1;
        await site.Store(target).PutAsync(key, bytes);

        await ShouldBeFoundAndRepairedAsync(site, backup, target, key, CopyCondition.Damaged);
    }

    [Theory]
    [InlineData("r2", "largest", 0)]
    [InlineData("r2", "largest", -1)]
    [InlineData("b2", "largest", 200_000)]
    [InlineData("local", "contents.tink", -1)]
    [InlineData("r2", "manifest.json", -1)]
    [InlineData("local", "manifest.sig", 0)]
    public async Task Copy_Truncated_IsNotReadNamedDamagedAndRepaired(string target, string name, int left)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var key = KeyOf(backup, name);
        var bytes = backup.Objects[key];
        await site.Store(target).PutAsync(key, bytes[..(left < 0 ? bytes.Length + left : left)]);

        await ShouldBeFoundAndRepairedAsync(site, backup, target, key, CopyCondition.Damaged);
    }

    [Theory]
    [InlineData("r2", "largest")]
    [InlineData("b2", "contents.tink")]
    [InlineData("local", "largest")]
    [InlineData("r2", "manifest.json")]
    [InlineData("b2", "manifest.sig")]
    public async Task Copy_Deleted_IsReadElsewhereNamedMissingAndRepaired(string target, string name)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var key = KeyOf(backup, name);
        await site.Store(target).DeleteAsync(key);

        await ShouldBeFoundAndRepairedAsync(site, backup, target, key, CopyCondition.Missing);
    }

    [Theory]
    [InlineData("r2", "largest")]
    [InlineData("b2", "contents.tink")]
    [InlineData("local", "manifest.json")]
    public async Task Copy_ReplacedByAnOlderBackupsObject_IsNotReadNamedDamagedAndRepaired(string target, string name)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var older = await fixture.OlderAsync();
        var key = KeyOf(backup, name);
        await site.Store(target).PutAsync(key, older.Objects[key.Replace(backup.BackupId, older.BackupId, StringComparison.Ordinal)]);

        await ShouldBeFoundAndRepairedAsync(site, backup, target, key, CopyCondition.Damaged);
    }

    [Fact]
    public async Task Copy_ReplacedWholeByAnOlderBackupsSignedOne_IsNotReadNamedDamagedAndRepaired()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var older = await fixture.OlderAsync();
        foreach (var key in backup.CopyKeys)
        {
            await site.Store("r2").PutAsync(key, older.Objects[key.Replace(backup.BackupId, older.BackupId, StringComparison.Ordinal)]);
        }

        await ShouldBeFoundAndRepairedAsync(site, backup, "r2", "contents.tink", CopyCondition.Damaged);
    }

    [Fact]
    public async Task Copy_DamagedElsewhereOnEveryTarget_TheyHealEachOther()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        await site.Store("r2").PutAsync(backup.Largest, backup.Objects[backup.Largest][..1000]);
        await site.Store("b2").DeleteAsync(backup.Key("contents.tink"));
        await site.Store("local").PutAsync(backup.Key("manifest.json"), [1, 2, 3]);

        (await site.FetchAsync(backup.BackupId)).Digest.ShouldBe(backup.DumpDigest);

        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Repaired.ShouldBe(3);
        await ShouldBeAsWrittenAsync(site, backup);
    }

    [Fact]
    public async Task Copy_SameObjectDamagedOnAllTargets_NothingIsRestoredAndNothingTouched()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var bytes = backup.Objects[backup.Largest].ToArray();
        bytes[200_000] ^= 1;
        foreach (var target in site.Names)
        {
            await site.Store(target).PutAsync(backup.Largest, bytes);
        }

        await site.FetchAsync(backup.BackupId).ShouldFailAsync(ErrorCodes.ObjectDamaged, "No target is left to read", "did not verify", "use another backup");

        var verified = await site.VerifyAsync(backup.BackupId, repair: true);
        (verified.Success, verified.Good, verified.Damaged, verified.Repaired).ShouldBe((false, 0, 3, 0));
        verified.Findings.ShouldAllBe(finding => finding.NotRepaired!.Contains("nothing of this one was touched", StringComparison.Ordinal));
        (await site.VerifiedCopiesAsync(backup.BackupId)).ShouldBeEmpty();
        foreach (var target in site.Names)
        {
            (await site.Store(target).GetAsync(backup.Largest)).ShouldBe(bytes);
        }
    }

    private static string KeyOf(PreparedBackup backup, string name) => name == "largest" ? backup.Largest : backup.Key(name);

    private static async Task ShouldBeFoundAndRepairedAsync(FaultSite site, PreparedBackup backup, string target, string key, CopyCondition condition)
    {
        site.ReadFirst(target);
        (await site.FetchAsync(backup.BackupId)).Digest.ShouldBe(backup.DumpDigest);

        var found = await site.VerifyAsync(backup.BackupId);

        (found.Success, found.Good).ShouldBe((false, 2));
        var finding = found.Findings.ShouldHaveSingleItem();
        (finding.Target, finding.Condition).ShouldBe((target, condition));
        finding.Detail.ShouldSay(Path.GetFileName(key), $"on target '{target}'");
        (await site.VerifiedCopiesAsync(backup.BackupId)).ShouldBe(site.Names.Where(name => name != target), ignoreOrder: true);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Repaired.ShouldBe(1);
        await ShouldBeAsWrittenAsync(site, backup);
    }

    /// <summary>All copies are equal by then.</summary>
    private static async Task ShouldBeAsWrittenAsync(FaultSite site, PreparedBackup backup) =>
        (await site.CopyAsync("local", backup.BackupId)).ShouldBe(backup.CopyDigests, ignoreOrder: true);
}
