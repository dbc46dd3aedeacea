using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Storage.Checks;
using BackupFunctions.Storage.Local;
using BackupFunctions.Storage.Tests.Faults;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.Checks;

public sealed class TargetCheckTests
{
    [Fact]
    public async Task Folder_InUse_PassesAndIsLeftAsItWas()
    {
        using var folder = new TemporaryFolder();
        var target = new LocalTarget("local", folder["root"]);
        await target.PutAsync("main/backup", [1]);

        var report = await TargetCheck.RunAsync(target, TimeProvider.System, CancellationToken.None);

        report.Findings.Where(finding => finding.Status == CheckStatus.Fail).ShouldBeEmpty();
        report.Findings.Select(finding => finding.Check).ShouldBe(
            [
                TargetCheckNames.Capacity, TargetCheckNames.Credentials, TargetCheckNames.Write, TargetCheckNames.Read, TargetCheckNames.RangedRead,
                TargetCheckNames.Overwrite, TargetCheckNames.List, TargetCheckNames.Latency, TargetCheckNames.ConditionalWrite,
                TargetCheckNames.Versioning, TargetCheckNames.Lock, TargetCheckNames.Delete,
            ]);
        report.FreeBytes!.Value.ShouldBeGreaterThan(0);
        report.LatencyMilliseconds.ShouldNotBeNull();
        (await target.ListAsync("", CancellationToken.None).AllAsync()).Select(found => found.Key).ShouldBe(["main/backup"]);
    }

    [Theory]
    [InlineData(true, "is empty; mount the disk")]
    [InlineData(false, "does not exist; mount the disk")]
    public async Task Folder_OfADiskThatMayBeAway_IsNotWrittenTo(bool exists, string cause)
    {
        using var folder = new TemporaryFolder();
        if (exists)
        {
            Directory.CreateDirectory(folder["root"]);
        }

        var report = await TargetCheck.RunAsync(new LocalTarget("local", folder["root"]), TimeProvider.System, CancellationToken.None);

        report.Status.ShouldBe(CheckStatus.Fail);
        report.Findings.ShouldHaveSingleItem().Detail.ShouldContain(cause);
        Directory.Exists(folder["root"]).ShouldBe(exists);
        Directory.Exists(Path.Combine(folder["root"], ".uploading")).ShouldBeFalse();
    }

    [Fact]
    public async Task FullDisk_FailsTheWriteNamingTheCause()
    {
        await using var disk = await SmallDisk.MountAsync(64 * 1024);
        var target = new LocalTarget("local", Path.Combine(disk.Path, "root"));
        await target.PutAsync("main/backup", [1]);

        var report = await TargetCheck.RunAsync(target, TimeProvider.System, CancellationToken.None);

        report.Find(TargetCheckNames.Write).Status.ShouldBe(CheckStatus.Fail);
        report.Find(TargetCheckNames.Write).Detail.ShouldContain("is full");
        report.Find(TargetCheckNames.Capacity).Status.ShouldBe(CheckStatus.Warn);
    }

    [Fact]
    public async Task Target_ThatEndsReadsEarly_IsNotTrusted()
    {
        using var targets = new LocalTargets();
        targets.R2.ReadLimit = 50_000;

        var report = await TargetCheck.RunAsync(targets.R2, TimeProvider.System, CancellationToken.None);

        report.Find(TargetCheckNames.Read).Detail.ShouldContain("came back altered: do not trust this target");
        report.Find(TargetCheckNames.Delete).Status.ShouldBe(CheckStatus.Ok);
    }

    [Fact]
    public async Task Write_ThatFails_IsItsOwnFinding()
    {
        using var targets = new LocalTargets();
        targets.R2.OnComplete = LocalTargets.Unreachable("r2");

        var report = await TargetCheck.RunAsync(targets.R2, TimeProvider.System, CancellationToken.None);

        report.Find(TargetCheckNames.Write).ShouldBe(new TargetFinding(TargetCheckNames.Write, CheckStatus.Fail, "Target r2 is unreachable: told so."));
        report.Findings.ShouldNotContain(finding => finding.Check == TargetCheckNames.Read);
    }

    [Fact]
    public async Task Leftovers_OfAKilledCheck_AreRemovedOnceOld()
    {
        using var folder = new TemporaryFolder();
        var target = new LocalTarget("local", folder["root"]);
        await target.PutAsync("_probe/old", [1]);
        await target.PutAsync("_probe/young", [1]);
        File.SetLastWriteTimeUtc(Path.Combine(folder["root"], "_probe", "old"), TimeProvider.System.GetUtcNow().AddHours(-2).UtcDateTime);

        await TargetCheck.RunAsync(target, TimeProvider.System, CancellationToken.None);

        (await target.ListAsync("", CancellationToken.None).AllAsync()).Select(found => found.Key).ShouldBe(["_probe/young"]);
    }

    [Fact]
    public async Task Check_Canceled_Throws()
    {
        using var targets = new LocalTargets();

        await Should.ThrowAsync<OperationCanceledException>(
            () => TargetCheck.RunAsync(targets.R2, TimeProvider.System, new CancellationToken(canceled: true)));
    }
}
