using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

/// <summary>What happens to a base backup once it is there.</summary>
public sealed class BaseBackupCareTests(BaseFixture fixture) : IClassFixture<BaseFixture>, IDisposable
{
    private readonly BaseSite _site = fixture.NewSite();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Cleanup_TheLastBaseOfAServer_Stays()
    {
        var backup = await _site.BackUpAsync();

        var outcome = await new CleanupJob(_site.Jobs.Environment).RunAsync(new CleanupParameters("test"), CancellationToken.None);

        outcome.Result.Problems.ShouldBeEmpty();
        outcome.Decisions.Count.ShouldBe(BackupSite.TargetNames.Count);
        outcome.Decisions.ShouldAllBe(decision => decision.Action == "KEEP" && decision.Database == $"server {backup.SystemIdentifier}");
        outcome.Decisions[0].Reasons.ShouldContain(reason => reason.Contains($"last good backup of server {backup.SystemIdentifier}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_DamagedCopy_IsMadeWholeAndNamesTheServer()
    {
        var backup = await _site.BackUpAsync();
        _site.Jobs.Flip("b", backup.BackupId, "backup_manifest.tink");

        var result = await new VerifyCopiesJob(_site.Jobs.Environment)
            .RunAsync(new VerifyCopiesParameters("test", [backup.BackupId], Repair: true), CancellationToken.None);

        result.Findings.ShouldHaveSingleItem().Database.ShouldBe("server main");
        result.Repaired.ShouldBe(1);
        _site.Jobs.FileOf("b", backup.BackupId, "backup_manifest.tink").ShouldSatisfyAllConditions(
            file => File.ReadAllBytes(file).ShouldBe(File.ReadAllBytes(_site.Jobs.FileOf("a", backup.BackupId, "backup_manifest.tink"))));
    }

    [Fact]
    public async Task Select_ABaseBackupForADatabase_IsRefused()
    {
        var backup = await _site.BackUpAsync();

        (await _site.Jobs.SelectAsync("main", backup.BackupId).ShouldFailWithAsync(ErrorCodes.BackupUnknown)).ShouldContain("base backup of server main");
        await _site.Jobs.SelectAsync("main").ShouldFailWithAsync(ErrorCodes.BackupUnknown);
    }
}
