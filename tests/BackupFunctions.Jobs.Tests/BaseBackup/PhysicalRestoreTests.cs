using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

public sealed class PhysicalRestoreTests(BaseFixture fixture) : IClassFixture<BaseFixture>, IDisposable
{
    private readonly BaseSite _site = fixture.NewSite();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Run_WritesGoOnDuringTheBackup_ServerStartsWithEveryRowAndNothingElseIsLeft()
    {
        var secret = Path.Combine(fixture.Server.DataFolder, "server.key");
        await File.WriteAllTextAsync(secret, "key");
        await File.WriteAllTextAsync(Path.Combine(fixture.Server.DataFolder, "größe.conf"), string.Empty);
        File.SetUnixFileMode(secret, UnixFileMode.UserRead);
        await CommandLine.RunAsync("chown", "-R", "--reference", fixture.Server.DataFolder, fixture.Server.DataFolder);
        await using var load = new WriteLoad(fixture.Server);
        var backup = await _site.BackUpAsync();
        var committed = load.Committed;

        var restored = await _site.RestoreAsync(backup.BackupId);

        restored.Manifest.Base!.StopLsn.ShouldBe(backup.StopLsn);
        restored.Reused.ShouldBe(0);
        var data = _site.DataDirectory;
        File.GetUnixFileMode(data).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Path.Combine(data, "server.key")).ShouldBe(UnixFileMode.UserRead);
        File.GetUnixFileMode(Path.Combine(data, "PG_VERSION")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Exists(Path.Combine(data, "größe.conf")).ShouldBeTrue();
        Directory.Exists(Path.Combine(data, "pg_wal", "archive_status")).ShouldBeTrue();
        Directory.EnumerateFileSystemEntries(data, ".pgdr*").ShouldBeEmpty();
        await CommandLine.RunAsync(Path.Combine(fixture.Server.Binaries, "pg_verifybackup"), "-n", data);

        await load.DisposeAsync();
        await fixture.Server.ExecuteAsync("select pg_switch_wal()");
        await using var server = await RestoredServer.StartAsync(fixture.Server, data);
        (await server.ScalarAsync<long>("select count(*) from counted")).ShouldBeGreaterThanOrEqualTo(committed);
        (await server.ScalarAsync<long>("select max(number) - count(*) from counted")).ShouldBe(0);
        (await server.ScalarAsync<string>("select md5(string_agg(text, '' order by text)) from large"))
            .ShouldBe(await fixture.Server.ScalarAsync<string>("select md5(string_agg(text, '' order by text)) from large"));
        (await server.ScalarAsync<long>("select count(*) from unlogged")).ShouldBe(0);
    }

    [Fact]
    public async Task Run_DamagedCopies_AreTakenFromOtherTargets()
    {
        var backup = await _site.BackUpAsync();
        _site.Jobs.Flip("a", backup.BackupId, "data/000001.tink");
        _site.Jobs.Flip("a", backup.BackupId, "backup_manifest.tink");
        _site.Jobs.Flip("b", backup.BackupId, "data/000002.tink");
        File.Delete(_site.Jobs.FileOf("a", backup.BackupId, "data/000002.tink"));

        var restored = await _site.RestoreAsync(backup.BackupId);

        restored.Targets.ContainsKey("c").ShouldBeTrue();
        _site.Jobs.Reporter.Failovers.ShouldContain(sentence => sentence.Contains("data/000001.tink from a is damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_StartedAgainAfterItBrokeOff_ReadsNothingAgainThatWasComplete()
    {
        var backup = await _site.BackUpAsync();
        // It is fetched when all data but pg_control is there.
        var broken = true;
        foreach (var target in _site.Jobs.Targets!)
        {
            target.ReadLimit = key => broken && key.EndsWith("backup_manifest.tink", StringComparison.Ordinal) ? 1 : long.MaxValue;
        }

        await _site.RestoreAsync(backup.BackupId).ShouldFailWithAsync(ErrorCodes.TargetUnreachable);
        File.Exists(Path.Combine(_site.DataDirectory, "global", "pg_control")).ShouldBeFalse();
        broken = false;
        foreach (var target in _site.Jobs.Targets!)
        {
            target.BytesRead.Clear();
        }

        var restored = await _site.RestoreAsync(backup.BackupId);

        restored.Reused.ShouldBeGreaterThan(0);
        // Of the data pg_control alone.
        _site.Jobs.Targets!.SelectMany(target => target.BytesRead.Keys).Count(key => key.Contains("/data/", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Run_AFileIsNotTheServers_FailsAndTheNextRunFetchesAllOfItAnew()
    {
        var backup = await _site.BackUpAsync();
        _site.Jobs.Reporter.OnPhase = phase =>
        {
            if (phase == "verify")
            {
                File.AppendAllText(Path.Combine(_site.DataDirectory, "PG_VERSION"), "0");
            }
        };

        (await _site.RestoreAsync(backup.BackupId).ShouldFailWithAsync(ErrorCodes.VerificationFailed)).ShouldContain("PG_VERSION");
        _site.Jobs.Reporter.OnPhase = _ => { };

        (await _site.RestoreAsync(backup.BackupId)).Reused.ShouldBe(0);
    }

    [Fact]
    public async Task Run_DirectoryOfAnother_IsRefusedAndNotTouched()
    {
        var backup = await _site.BackUpAsync();
        var other = await _site.BackUpAsync();
        Directory.CreateDirectory(_site.DataDirectory);
        await File.WriteAllTextAsync(Path.Combine(_site.DataDirectory, "mine"), "mine");
        var modes = File.GetUnixFileMode(_site.DataDirectory);

        (await _site.RestoreAsync(backup.BackupId).ShouldFailWithAsync(ErrorCodes.DatabaseExists)).ShouldContain("not empty");
        (await _site.RestoreAsync(backup.BackupId, fixture.Server.DataFolder).ShouldFailWithAsync(ErrorCodes.DatabaseExists)).ShouldContain("postmaster.pid");
        (await _site.RestoreAsync(backup.BackupId, Path.Combine(_site.DataDirectory, "mine")).ShouldFailWithAsync(ErrorCodes.DatabaseExists)).ShouldContain("is a file");

        Directory.GetFileSystemEntries(_site.DataDirectory).ShouldBe([Path.Combine(_site.DataDirectory, "mine")]);
        File.GetUnixFileMode(_site.DataDirectory).ShouldBe(modes);

        var interrupted = Path.Combine(_site.Jobs.Site.Folder, "interrupted");
        _site.Jobs.Reporter.OnPhase = phase =>
        {
            if (phase == "verify")
            {
                throw new OperationCanceledException();
            }
        };
        await Should.ThrowAsync<OperationCanceledException>(() => _site.RestoreAsync(backup.BackupId, interrupted));
        (await _site.RestoreAsync(other.BackupId, interrupted).ShouldFailWithAsync(ErrorCodes.DatabaseExists)).ShouldContain("another backup");
    }

    [Fact]
    public async Task Run_ABackupThatIsNotThere_IsRefused()
    {
        var backup = await _site.BackUpAsync();

        await _site.RestoreAsync("20200101T000000000Z-00000000").ShouldFailWithAsync(ErrorCodes.BackupUnknown);

        foreach (var target in BackupSite.TargetNames)
        {
            File.Delete(_site.Jobs.FileOf(target, backup.BackupId, "data/000002.tink"));
        }

        await _site.RestoreAsync(backup.BackupId).ShouldFailWithAsync(ErrorCodes.CopiesMissing);
        Directory.Exists(_site.DataDirectory).ShouldBeFalse();
    }
}
