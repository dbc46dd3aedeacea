using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Restore;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

public sealed class BaseBackupJobTests : IAsyncLifetime
{
    private BaseSite _site = null!;

    public async Task InitializeAsync() => _site = await BaseSite.StartAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Run_AServer_IsVerifiedOnEveryTargetAndSaysWhichLogItNeeds()
    {
        var before = await PositionAsync();

        var backup = await _site.BackUpAsync();

        backup.Status.ShouldBe(BackupStatus.Verified, backup.StatusReason);
        backup.Copies.ShouldAllBe(copy => copy.Written && copy.Verified);
        backup.SystemIdentifier.ShouldBe(await _site.Server.ScalarAsync<string>("select system_identifier::text from pg_control_system()"));
        backup.Timeline.ShouldBe(1);
        Lsn.Parse(backup.StartLsn).ShouldBeGreaterThanOrEqualTo(before);
        Lsn.Parse(backup.StopLsn).ShouldBeInRange(Lsn.Parse(backup.StartLsn) + 1, await PositionAsync());
        backup.Files.ShouldBeGreaterThan(900);

        using var reader = BackupReader.FromSettings(_site.Jobs.Environment);
        var manifest = (await reader.Catalog.FindAsync(backup.BackupId, CancellationToken.None))!.Manifest;
        manifest.Kind.ShouldBe(BackupKind.Base);
        manifest.Base!.Server.ShouldBe("main");
        manifest.Base.WalSegmentSize.ShouldBe(16 << 20);
        manifest.Base.DataChecksums.ShouldBeFalse();
        manifest.Objects.Count(item => item.Role == "backup-manifest").ShouldBe(1);
        _site.Jobs.Reporter.Warnings.ShouldContain(warning => warning.Contains("pg_checksums", StringComparison.Ordinal));
        Directory.Exists(_site.Jobs.Site.WorkFolder).ShouldBeFalse();
    }

    private async Task<ulong> PositionAsync() => (ulong)await _site.Server.ScalarAsync<decimal>("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
}
