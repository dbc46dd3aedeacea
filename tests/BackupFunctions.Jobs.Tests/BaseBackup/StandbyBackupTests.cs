using System.Globalization;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

public sealed class StandbyBackupTests(BaseFixture fixture) : IClassFixture<BaseFixture>, IDisposable
{
    private readonly BaseSite _site = fixture.NewSite();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Run_OfAStandby_IsABackupOfItsServer()
    {
        var ofPrimary = await _site.BackUpAsync();
        await _site.RestoreAsync(ofPrimary.BackupId);
        await File.WriteAllTextAsync(Path.Combine(_site.DataDirectory, "standby.signal"), string.Empty);
        await File.AppendAllTextAsync(
            Path.Combine(_site.DataDirectory, "postgresql.conf"),
            $"\nprimary_conninfo = 'host=127.0.0.1 port={fixture.Server.Port} user=postgres password={PostgresServer.SuperuserPassword}'\n");
        await using var standby = await RestoredServer.StartAsync(fixture.Server, _site.DataDirectory);
        await fixture.Server.ExecuteAsync("insert into counted values (1000000)");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await standby.ScalarAsync<long>("select count(*) from counted where number = 1000000") == 0)
        {
            await Task.Delay(50, patience.Token);
        }

        _site.Jobs.Site.Settings["Servers__main__Port"] = standby.Port.ToString(CultureInfo.InvariantCulture);
        var backup = await _site.ArchiveAsync();

        backup.Status.ShouldBe(BackupStatus.Verified, backup.StatusReason);
        backup.SystemIdentifier.ShouldBe(ofPrimary.SystemIdentifier);
        using (var reader = BackupReader.FromSettings(_site.Jobs.Environment))
        {
            // No receiver runs: the standby itself gave the log that its backup needs.
            var log = await StoredLog.ReadAsync(
                BackupSite.Cluster, backup.SystemIdentifier, reader.Targets, requiredCopies: 2, reader.VerificationKeys, CancellationToken.None);
            log.Find(backup.Timeline, Lsn.Parse(backup.StartLsn))!.End.ShouldBeGreaterThanOrEqualTo(Lsn.Parse(backup.StopLsn));
        }

        var directory = Path.Combine(_site.Jobs.Site.Folder, "of-standby");
        await _site.RestoreAsync(backup.BackupId, directory);
        File.Delete(Path.Combine(directory, "standby.signal"));
        await fixture.Server.ExecuteAsync("select pg_switch_wal()");
        await using var restored = await RestoredServer.StartAsync(fixture.Server, directory);
        (await restored.ScalarAsync<long>("select count(*) from large")).ShouldBe(9000);
        (await restored.ScalarAsync<long>("select count(*) from counted where number = 1000000")).ShouldBe(1);
    }
}
