using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

public sealed class IncrementalBackupJobTests(IncrementalFixture fixture) : IClassFixture<IncrementalFixture>, IDisposable
{
    private readonly BaseSite _site = fixture.NewSite();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Run_OneAfterTheOther_MakeAChainThatIsRestoredAndKeptAsAWhole()
    {
        _site.Jobs.Site.Settings["INCREMENTAL_BACKUP_LIMIT"] = "2";
        var whole = await TakeAsync();
        whole.WholeBecause!.ShouldContain("no list of files");
        await fixture.Server.ExecuteAsync("insert into counted select generate_series(20001, 20010)");
        var first = await TakeAsync();
        await fixture.Server.ExecuteAsync("delete from counted where number % 2 = 0");
        var second = await TakeAsync();

        first.WholeBecause.ShouldBeNull();
        second.Backup!.ParentId.ShouldBe(first.Backup!.BackupId);
        second.Backup.StoredSize.ShouldBeLessThan(whole.Backup!.StoredSize);
        string[] parents = [whole.Backup.BackupId, first.Backup.BackupId];
        (await ManifestAsync(second)).ShouldSatisfyAllConditions(
            manifest => manifest.Kind.ShouldBe(BackupKind.Incremental),
            manifest => manifest.Parents.ShouldBe(parents));
        KeptLists().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            list => list.ShouldContain(second.Backup.BackupId),
            list => File.GetUnixFileMode(list).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite));

        (await _site.RestoreDeltaAsync(second.Backup.BackupId).ShouldFailWithAsync(ErrorCodes.InvalidSettings)).ShouldContain("needs a whole base backup");
        await RestoreInTwoRunsAsync(second.Backup.BackupId);

        (await TakeAsync()).ShouldSatisfyAllConditions(
            next => next.Backup!.ParentId.ShouldBeNull(),
            next => next.WholeBecause!.ShouldContain("INCREMENTAL_BACKUP_LIMIT (2)"));
        await RequireParentsStayAsync(parents, second.Backup.BackupId);
    }

    [Fact]
    public async Task Run_WhatItWouldBuildOnIsNotThere_TakesAWholeOneAndSaysWhy()
    {
        await TakeAsync();
        await File.AppendAllTextAsync(KeptLists().Single(), " ");

        var after = await TakeAsync();
        after.Backup!.ParentId.ShouldBeNull();
        after.WholeBecause!.ShouldContain("no list of files");
        _site.Jobs.Reporter.Warnings.ShouldContain(warning => warning == after.WholeBecause);

        foreach (var target in BackupSite.TargetNames)
        {
            Directory.Delete(Path.GetDirectoryName(_site.Jobs.FileOf(target, after.Backup.BackupId, "manifest.json"))!, recursive: true);
        }

        (await TakeAsync()).WholeBecause!.ShouldContain($"{after.Backup.BackupId}, which it would need, is not in storage any more");
    }

    [Fact]
    public async Task Run_DataChecksumsWereSwitched_TakesAWholeOneSinceNoLogTellsOfIt()
    {
        await TakeAsync();
        await SwitchChecksumsAsync("--disable");
        try
        {
            (await TakeAsync()).WholeBecause!.ShouldContain("data checksums were switched off");
        }
        finally
        {
            await SwitchChecksumsAsync("--enable");
        }
    }

    [Fact]
    public async Task Run_FurtherTablespaces_TakesAWholeOneAndSaysWhy()
    {
        using var folder = new TemporaryFolder();
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", folder.Path);
        }

        await TakeAsync();
        await fixture.Server.ExecuteAsync($"create tablespace fast location '{folder.Path}'");
        try
        {
            (await TakeAsync()).ShouldSatisfyAllConditions(
                taken => taken.Backup!.ParentId.ShouldBeNull(),
                taken => taken.WholeBecause!.ShouldContain("further tablespaces (fast)"));
        }
        finally
        {
            await fixture.Server.ExecuteAsync("drop tablespace fast");
        }
    }

    [Fact]
    public async Task Run_TheServerMakesNoSummaries_TakesNoneAndNamesTheSetting()
    {
        await SummarizeAsync("off");
        try
        {
            (await TakeAsync()).ShouldSatisfyAllConditions(
                taken => taken.Backup.ShouldBeNull(),
                taken => taken.NotTaken!.ShouldContain("ALTER SYSTEM SET summarize_wal = on"));
        }
        finally
        {
            await SummarizeAsync("on");
        }
    }

    private async Task SwitchChecksumsAsync(string how)
    {
        await fixture.Server.StopAsync("fast");
        await CommandLine.RunAsync(Path.Combine(fixture.Server.Binaries, "pg_checksums"), how, "--no-sync", "-D", fixture.Server.DataFolder);
        await CommandLine.RunAsync("chown", "-R", "--reference", fixture.Server.DataFolder, fixture.Server.DataFolder);
        await fixture.Server.StartAgainAsync();
    }

    private async Task SummarizeAsync(string value)
    {
        await fixture.Server.ExecuteAsync($"alter system set summarize_wal = {value}");
        await fixture.Server.ExecuteAsync("select pg_reload_conf()");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await fixture.Server.ScalarAsync<string>("show summarize_wal") != value)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private Task<IncrementalBackupResult> TakeAsync() => _site.BackUpIncrementallyAsync();

    private async Task<Manifest> ManifestAsync(IncrementalBackupResult taken)
    {
        using var reader = BackupReader.FromSettings(_site.Jobs.Environment);
        return (await reader.Catalog.FindAsync(taken.Backup!.BackupId, CancellationToken.None))!.Manifest;
    }

    private string[] KeptLists() => Directory.GetFiles(Path.Combine(_site.Jobs.Site.RunStore, "bases"), "*.backup_manifest");

    /// <summary>The first run breaks off when all inputs are there.</summary>
    private async Task RestoreInTwoRunsAsync(string backupId)
    {
        _site.Jobs.Reporter.OnPhase = static phase =>
        {
            if (phase == "combine")
            {
                throw new OperationCanceledException();
            }
        };
        await Should.ThrowAsync<OperationCanceledException>(() => _site.RestoreAsync(backupId));
        File.Exists(Path.Combine(_site.DataDirectory, BasePaths.ControlFile)).ShouldBeFalse();
        _site.Jobs.Reporter.OnPhase = static _ => { };
        foreach (var target in _site.Jobs.Targets!)
        {
            target.BytesRead.Clear();
        }

        var restored = await _site.RestoreAsync(backupId);

        restored.Reused.ShouldBeGreaterThan(0);
        _site.Jobs.Targets!.SelectMany(target => target.BytesRead.Keys).Where(key => key.Contains("/data/", StringComparison.Ordinal)).ShouldBeEmpty();
        await CommandLine.RunAsync(Path.Combine(fixture.Server.Binaries, "pg_verifybackup"), "-n", _site.DataDirectory);
        Directory.EnumerateFileSystemEntries(_site.DataDirectory, ".pgdr*").ShouldBeEmpty();
        await fixture.Server.ExecuteAsync("select pg_switch_wal()");
        await using var server = await RestoredServer.StartAsync(fixture.Server, _site.DataDirectory);
        (await server.ScalarAsync<string>("select md5(string_agg(number::text, ',' order by number)) from counted"))
            .ShouldBe(await fixture.Server.ScalarAsync<string>("select md5(string_agg(number::text, ',' order by number)) from counted"));
    }

    /// <summary>When all of them would have expired but for the last.</summary>
    private async Task RequireParentsStayAsync(string[] parents, string child)
    {
        foreach (var target in BackupSite.TargetNames)
        {
            Directory.Delete(Path.GetDirectoryName(_site.Jobs.FileOf(target, (await LastAsync()).BackupId, "manifest.json"))!, recursive: true);
        }

        _site.Jobs.Time = new FakeClock(TimeProvider.System.GetUtcNow().AddDays(1000));
        var outcome = await new CleanupJob(_site.Jobs.Environment).RunAsync(new CleanupParameters("test"), CancellationToken.None);

        outcome.Result.Problems.ShouldBeEmpty();
        foreach (var parent in parents)
        {
            outcome.Decisions.Where(decision => decision.BackupId == parent).ShouldAllBe(decision =>
                decision.Action == "KEEP" && decision.Reasons.Any(reason => reason.Contains($"needed by {child}", StringComparison.Ordinal)));
        }
    }

    private async Task<Manifest> LastAsync()
    {
        using var reader = BackupReader.FromSettings(_site.Jobs.Environment);
        var listing = await reader.Catalog.ListAsync(CancellationToken.None);
        return (await reader.Catalog.FindAsync(listing.Backups[0].BackupId, CancellationToken.None))!.Manifest;
    }
}
