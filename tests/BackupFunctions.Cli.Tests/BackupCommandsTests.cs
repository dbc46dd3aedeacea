using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.JobRunners.Slots;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class BackupCommandsTests(CliFixture fixture)
{
    [Fact]
    public async Task Run_PrintsItsResultAsJson_AndLeavesNoStateBehind()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;

        var result = (await Pgdr.RunAsync(site, "backup", "run", database, "--json")).ShouldSucceed();

        result.Json["status"]!.GetValue<string>().ShouldBe("VERIFIED");
        result.Json["rows"]!.GetValue<long>().ShouldBe(CliFixture.Rows);
        result.Json["copies"]!.AsArray().Count.ShouldBe(3);
        result.Error.ShouldContain("verify");
        Directory.EnumerateDirectories(site.RunStore, "cli-*").ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(Path.Combine(site.WorkFolder, "dumps")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_BaseOfAServer_IsListedByItsServer()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;

        (await Pgdr.RunAsync(site, "backup", "run", "main", "--kind", "base")).ShouldSucceed().Output.ShouldContain("VERIFIED");

        (await Pgdr.RunAsync(site, "backup", "list")).ShouldSucceed().Output.ShouldContain("server main (base)");
        (await Pgdr.RunAsync(site, "backup", "list", "--database", database)).ShouldSucceed().Output.ShouldNotContain("server main");
        (await Pgdr.RunAsync(site, "backup", "run", "main", "--kind", "half")).ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task Run_Archives_AreListedAsSuch()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;

        (await Pgdr.RunAsync(site, "backup", "run", "main", "--kind", "incremental", "--archive")).ShouldFail(2).ShouldContain("--kind base or full");
        (await Pgdr.RunAsync(site, "backup", "run", "main", "--kind", "base", "--archive")).ShouldSucceed().Output.ShouldContain("VERIFIED");
        (await Pgdr.RunAsync(site, "backup", "run", database, "--archive")).ShouldSucceed().Output.ShouldContain("VERIFIED");

        var listed = (await Pgdr.RunAsync(site, "backup", "list")).ShouldSucceed().Output;
        listed.ShouldContain("server main (base, archive)");
        listed.ShouldContain($"{database} (archive)");
        (await Pgdr.RunAsync(site, "wal", "status")).ShouldSucceed().Output.ShouldContain("recoverable on timeline 1");
    }

    [Fact]
    public async Task Run_NotVerified_ExitsWith3()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        // Statements cannot be written where a file has the name of their folder.
        foreach (var target in new[] { "a", "b" })
        {
            Directory.CreateDirectory(Path.Combine(site.TargetFolder(target), BackupSite.Cluster));
            await File.WriteAllTextAsync(Path.Combine(site.TargetFolder(target), BackupSite.Cluster, "statements"), "");
        }

        var result = await Pgdr.RunAsync(site, "backup", "run", database);

        result.ExitCode.ShouldBe(ExitCodes.NotVerified, result.Error);
        result.Output.ShouldContain("COMPLETED");
    }

    [Fact]
    public async Task Run_UnknownDatabase_ExitsWith1AndOneSentence() =>
        (await Pgdr.RunAsync(fixture.Site, "backup", "run", "nonsense")).ShouldFail(1).ShouldContain("'nonsense'");

    [Fact]
    public async Task Run_InvalidSetting_ExitsWith2AndNamesIt()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        site.Settings["BACKUP_DUMP_JOBS"] = "many";

        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldFail(2).ShouldContain("BACKUP_DUMP_JOBS");
    }

    [Fact]
    public async Task Run_Interrupted_ExitsWith130AndLeavesNothing()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        await using var held = await fixture.Server.OpenAsync(database);
        await using var transaction = await held.BeginTransactionAsync();
        await using (var command = held.CreateCommand())
        {
            // pg_dump waits for this table, so the signal comes in the middle of the dump.
            command.CommandText = "lock table articles in access exclusive mode";
            await command.ExecuteNonQueryAsync();
        }

        using var process = Pgdr.Start(site, "backup", "run", database);
        var ended = Pgdr.EndAsync(process);
        await UntilAsync(async () => await fixture.Server.ScalarAsync<long>(
            "select count(*) from pg_locks where not granted") > 0);
        await CommandLine.RunAsync("kill", "-INT", $"{process.Id}");

        (await ended).ShouldFail(130).ShouldBe("pgdr: cancelled.");
        Directory.EnumerateFiles(Path.GetDirectoryName(site.TargetFolder("a"))!, "*", SearchOption.AllDirectories).ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(Path.Combine(site.WorkFolder, "dumps")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_AsManyJobsAsMayRunAreRunning_WaitsForItsTurn()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        site.Settings["JOB_LIMIT"] = "1";
        var slots = new JobSlots(site.RunStore, limit: 1, TimeProvider.System);
        var taken = await slots.EnterAsync(JobPriority.Backup, "another", () => { }, CancellationToken.None);
        using var process = Pgdr.Start(site, "backup", "run", database);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        string? line;
        do
        {
            line = await process.StandardError.ReadLineAsync(patience.Token);
        }
        while (line?.Contains("waiting", StringComparison.OrdinalIgnoreCase) == false);
        line.ShouldNotBeNull();
        taken!.Dispose();

        (await Pgdr.EndAsync(process)).ShouldSucceed();
    }

    [Fact]
    public async Task Run_TargetRefusesItsCopy_SaysHowToFinishIt()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        Directory.CreateDirectory(site.TargetFolder("b"));
        await File.WriteAllTextAsync(Path.Combine(site.TargetFolder("b"), BackupSite.Cluster), "in the way");

        var result = (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();

        result.Output.ShouldContain("To be finished: b (missing).");
        result.Output.ShouldContain("--repair");
    }

    [Fact]
    public async Task List_ShowsBackupsAsTextAndJson()
    {
        var text = (await Pgdr.RunAsync(fixture.Site, "backup", "list")).ShouldSucceed();
        var json = (await Pgdr.RunAsync(fixture.Site, "backup", "list", "--json")).ShouldSucceed();

        text.Output.ShouldContain("VERIFIED");
        text.Output.ShouldContain("a,b,c");
        json.Json.AsArray().Single()!["database"]!.GetValue<string>().ShouldBe(CliFixture.Database);
    }

    [Fact]
    public async Task List_OfAnotherDatabase_IsEmpty()
    {
        var result = (await Pgdr.RunAsync(fixture.Site, "backup", "list", "--database", "other", "--json")).ShouldSucceed();

        result.Json.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task List_EmptyStorage_SaysHowToTakeTheFirst()
    {
        var (site, _) = await fixture.NewSiteAsync();
        using var disposed = site;
        foreach (var target in BackupSite.TargetNames)
        {
            Directory.CreateDirectory(Path.Combine(site.TargetFolder(target), ".uploading"));
        }

        (await Pgdr.RunAsync(site, "backup", "list")).ShouldSucceed().Output.ShouldContain("pgdr backup run");
        (await Pgdr.RunAsync(site, "backup", "list", "--json")).ShouldSucceed().Json.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task List_TargetAway_ShowsTheRestWarnsAndExitsWith1()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        Directory.Move(site.TargetFolder("b"), site.TargetFolder("b") + ".away");

        var result = await Pgdr.RunAsync(site, "backup", "list");

        result.ExitCode.ShouldBe(1);
        result.Output.ShouldContain(database);
        result.Error.ShouldContain("warning: Target b is unreachable");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }
}
