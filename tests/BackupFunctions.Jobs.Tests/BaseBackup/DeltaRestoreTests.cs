using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

public sealed class DeltaRestoreTests(BaseFixture fixture) : IClassFixture<BaseFixture>, IDisposable
{
    private readonly BaseSite _site = fixture.NewSite();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Run_ADirectoryThatWentOn_WritesOnlyWhatDiffersAndRemovesTheRest()
    {
        var backup = await _site.BackUpAsync();
        var whole = await _site.RestoreAsync(backup.BackupId);
        var large = await fixture.Server.ScalarAsync<string>("select pg_relation_filepath(reltoastrelid) from pg_class where relname = 'large'");
        var procedures = await fixture.Server.ScalarAsync<string>("select pg_relation_filepath('pg_proc')");
        await FlipAsync(procedures!);
        File.Delete(FileOf("PG_VERSION"));
        await File.AppendAllTextAsync(FileOf("postgresql.conf"), "# later");
        await File.WriteAllTextAsync(FileOf("base/1/999999"), "of a later table");
        await File.WriteAllTextAsync(FileOf("pg_wal/0000000900000000000000FF"), "of another history");
        File.CreateSymbolicLink(FileOf("link"), "/etc");
        Directory.CreateDirectory(FileOf("later/below"));
        Directory.Delete(FileOf("pg_notify"), recursive: true);
        File.SetLastWriteTimeUtc(FileOf(large!), DateTime.UnixEpoch);

        var restored = await _site.RestoreDeltaAsync(backup.BackupId);

        await CommandLine.RunAsync(Path.Combine(fixture.Server.Binaries, "pg_verifybackup"), "-n", _site.DataDirectory);
        File.GetLastWriteTimeUtc(FileOf(large!)).ShouldBe(DateTime.UnixEpoch);
        Directory.EnumerateFiles(FileOf("pg_wal")).ShouldBeEmpty();
        File.Exists(FileOf("base/1/999999")).ShouldBeFalse();
        Directory.EnumerateFileSystemEntries(_site.DataDirectory).Select(Path.GetFileName).ShouldNotContain(name => name == "link" || name == "later" || name!.StartsWith(".pgdr", StringComparison.Ordinal));
        Directory.Exists("/etc").ShouldBeTrue();
        restored.Downloaded.ShouldBeLessThan(whole.Downloaded);
        restored.Reused.ShouldBeGreaterThan(whole.Downloaded / 4);
        await using var server = await RestoredServer.StartAsync(fixture.Server, _site.DataDirectory);
        (await server.ScalarAsync<long>("select count(*) from large")).ShouldBe(9000);
    }

    [Fact]
    public async Task Run_StartedAgainAfterItBrokeOff_GoesOnWithDeltaOnly()
    {
        var backup = await _site.BackUpAsync();
        await _site.RestoreAsync(backup.BackupId);
        await FlipAsync("PG_VERSION");
        var broken = true;
        foreach (var target in _site.Jobs.Targets!)
        {
            target.ReadLimit = key => broken && key.Contains("/data/", StringComparison.Ordinal) ? 1 : long.MaxValue;
        }

        await _site.RestoreDeltaAsync(backup.BackupId).ShouldFailWithAsync(ErrorCodes.TargetUnreachable);
        File.Exists(FileOf(BasePaths.ControlFile)).ShouldBeFalse();
        broken = false;

        (await _site.RestoreAsync(backup.BackupId).ShouldFailWithAsync(ErrorCodes.DatabaseExists)).ShouldContain("start it again with --delta");
        var manifest = FileOf(".pgdr-restore/manifest.json");
        File.Move(manifest, manifest + ".aside");
        (await _site.RestoreAsync(backup.BackupId).ShouldFailWithAsync(ErrorCodes.DatabaseExists)).ShouldContain("start it again with --delta");
        File.Move(manifest + ".aside", manifest);
        await _site.RestoreDeltaAsync(backup.BackupId);

        await CommandLine.RunAsync(Path.Combine(fixture.Server.Binaries, "pg_verifybackup"), "-n", _site.DataDirectory);
    }

    [Fact]
    public async Task Run_ADirectoryThatIsNotTheStoppedServers_IsRefusedAndNotTouched()
    {
        var backup = await _site.BackUpAsync();
        await _site.RestoreAsync(backup.BackupId);
        await FlipAsync("PG_VERSION");

        await RefuseAsync(backup.BackupId, "postmaster.pid", "stop it");
        await RefuseAsync(backup.BackupId, "pg_tblspc/16400", "further tablespaces");
        await FlipAsync(BasePaths.ControlFile);
        (await _site.RestoreDeltaAsync(backup.BackupId).ShouldFailWithAsync(ErrorCodes.DatabaseExists)).ShouldContain("another server");
        File.Delete(FileOf(BasePaths.ControlFile));
        (await _site.RestoreDeltaAsync(backup.BackupId).ShouldFailWithAsync(ErrorCodes.DatabaseExists)).ShouldContain("global/pg_control");
        Directory.Exists(FileOf(".pgdr-restore")).ShouldBeFalse();
        (await File.ReadAllTextAsync(FileOf("PG_VERSION"))).ShouldNotStartWith("15");
    }

    [Fact]
    public async Task Run_AnAbsentDirectory_IsFilled()
    {
        var backup = await _site.BackUpAsync();

        (await _site.RestoreDeltaAsync(backup.BackupId)).Reused.ShouldBe(0);

        await CommandLine.RunAsync(Path.Combine(fixture.Server.Binaries, "pg_verifybackup"), "-n", _site.DataDirectory);
    }

    private string FileOf(string path) => Path.Combine(_site.DataDirectory, path);

    /// <summary>A file that is in the way for so long.</summary>
    private async Task RefuseAsync(string backupId, string file, string because)
    {
        await File.WriteAllTextAsync(FileOf(file), string.Empty);
        var failure = await Should.ThrowAsync<PgdrException>(() => _site.RestoreDeltaAsync(backupId));
        failure.Message.ShouldContain(because);
        File.Exists(FileOf(file)).ShouldBeTrue();
        File.Delete(FileOf(file));
    }

    /// <summary>The size stays.</summary>
    private async Task FlipAsync(string path)
    {
        await using var file = new FileStream(FileOf(path), FileMode.Open, FileAccess.ReadWrite);
        var first = file.ReadByte();
        file.Position = 0;
        file.WriteByte((byte)(first ^ 1));
    }
}
