using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>What step 1 of the runbook chooses and refuses.</summary>
public sealed class PointSelectionTests(ArchivedServer server) : IClassFixture<ArchivedServer>, IDisposable
{
    private readonly JobSite _site = server.NewSite();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Select_BeforeTheFirstBase_NamesTheFirstPoint()
    {
        var sentence = await SelectAsync(new WantedPoint(server.Before.At.AddDays(-1), Lsn: null)).ShouldFailWithAsync(ErrorCodes.BackupUnknown);

        sentence.ShouldContain("the first point that can be reached is");
    }

    [Fact]
    public async Task Select_BehindTheEndOfTheLog_NamesTheWindow()
    {
        var sentence = await SelectAsync(new WantedPoint(Time: null, "FFFF/0")).ShouldFailWithAsync(ErrorCodes.WalMissing);

        sentence.ShouldContain("lies behind the window of recovery, which goes from ");
        sentence.ShouldContain("is the newest point that can be reached");
    }

    [Fact]
    public async Task Select_InTheFuture_IsRefused() =>
        (await SelectAsync(new WantedPoint(TimeProvider.System.GetUtcNow().AddHours(1), Lsn: null)).ShouldFailWithAsync(ErrorCodes.InvalidSettings)).ShouldContain("lies in the future");

    [Fact]
    public async Task Select_NoPosition_IsRefused() =>
        (await SelectAsync(new WantedPoint(Time: null, "here")).ShouldFailWithAsync(ErrorCodes.InvalidSettings)).ShouldContain("'here' is no position in the log");

    [Fact]
    public async Task Select_BackupAndPoint_IsRefused()
    {
        using var reader = BackupReader.FromSettings(_site.Environment);

        await new SelectBackupJob(_site.Environment, reader)
            .RunAsync(new SelectBackupParameters(ArchivedServer.Database, server.DumpId, TargetServer: null) { Point = new WantedPoint(null, null) }, CancellationToken.None)
            .ShouldFailWithAsync(ErrorCodes.InvalidSettings);
    }

    [Fact]
    public async Task Select_NewerDumpThanLog_IsTheDump()
    {
        using var other = await CopyAsync();
        var dump = await other.BackUpAsync(ArchivedServer.Database);

        var selected = await ArchivedServer.SelectAsync(other, point: null);

        (selected.BackupId, selected.Path).ShouldBe((dump.BackupId, null));
        selected.Checks.ShouldContain(check => check.StartsWith("newer than what is archived of the log", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Select_LogIsGone_IsTheDumpAndSaysWhy()
    {
        using var other = await CopyAsync();
        foreach (var target in BackupSite.TargetNames)
        {
            Directory.Delete(Path.Combine(other.Site.TargetFolder(target), BackupSite.Cluster, "wal"), recursive: true);
        }

        var selected = await ArchivedServer.SelectAsync(other, point: null);

        (selected.BackupId, selected.Path).ShouldBe((server.DumpId, null));
        selected.Checks.ShouldContain(check => check.StartsWith("not by log: No target has write-ahead log of server", StringComparison.Ordinal));
        other.Reporter.Warnings.ShouldContain(warning => warning.StartsWith("A base backup is there and its log is not used", StringComparison.Ordinal));
        await ArchivedServer.SelectAsync(other, new WantedPoint(null, null)).ShouldFailWithAsync(ErrorCodes.WalMissing);
    }

    [Fact]
    public async Task Select_WorkFolderTooSmall_NamesTheOtherWay()
    {
        await using var disk = await SmallDisk.MountAsync(1024 * 1024);
        _site.Site.Settings["WORK_PATH"] = disk.Path;

        var sentence = await SelectAsync(new WantedPoint(null, null)).ShouldFailWithAsync(ErrorCodes.DiskFull);

        sentence.ShouldContain("'pgdr recover main DIRECTORY'");
    }

    [Fact]
    public async Task Select_NoServerProgramOfThatVersion_NamesThePackage()
    {
        using var tools = new TemporaryFolder();
        foreach (var tool in new[] { "pg_dump", "pg_restore", "pg_dumpall" })
        {
            File.CreateSymbolicLink(tools[tool], Path.Combine(server.Server.Binaries, tool));
        }

        _site.Site.Settings["POSTGRES_BIN"] = tools.Path;

        (await SelectAsync(new WantedPoint(null, null)).ShouldFailWithAsync(ErrorCodes.ToolMissing)).ShouldContain("postgres was not found");
    }

    private Task<SelectBackupResult> SelectAsync(WantedPoint point) => ArchivedServer.SelectAsync(_site, point);

    /// <summary>Storage that this test may change.</summary>
    private async Task<JobSite> CopyAsync()
    {
        var site = server.NewSite();
        foreach (var target in BackupSite.TargetNames)
        {
            await CommandLine.RunAsync("cp", "-a", server.Site.Site.TargetFolder(target), site.Site.TargetFolder(target));
            site.Site.Settings[$"Targets__{target}__Path"] = site.Site.TargetFolder(target);
        }

        return site;
    }
}
