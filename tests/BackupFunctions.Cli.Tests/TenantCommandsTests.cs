using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class TenantCommandsTests(CliFixture fixture)
{
    [Fact]
    public async Task Run_AllTenants_ListsThemAndRestoresOneUnderANewName()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;

        var run = (await Pgdr.RunAsync(site, "backup", "run", database, "--all-tenants", "--json")).ShouldSucceed();

        run.Json["verified"]!.GetValue<int>().ShouldBe(2);
        Directory.EnumerateDirectories(site.RunStore, "cli-*").ShouldBeEmpty();
        var list = (await Pgdr.RunAsync(site, "backup", "list", "--tenant", "b")).ShouldSucceed().Output;
        list.ShouldContain($"{database} tenant b");
        list.ShouldNotContain("tenant a");
        var id = run.Json["backups"]![0]!["backup_id"]!.GetValue<string>();
        (await Pgdr.RunAsync(site, "restore", database, "--backup", id, "--confirm", database)).ShouldFail(1).ShouldContain("has tenant 'a' alone");
        (await Pgdr.RunAsync(site, "restore", database, "--backup", id, "--to", $"{database}_a", "--confirm", database)).ShouldFail(2).ShouldContain($"'{database}_a'");
        (await Pgdr.RunAsync(site, "restore", database, "--backup", id, "--to", $"{database}_a", "--confirm", $"{database}_a")).ShouldSucceed();
        (await fixture.Server.ScalarAsync<string>("select string_agg(t || n, ',' order by n) from notes", $"{database}_a")).ShouldBe("a1,a2");
        (await fixture.Server.ScalarAsync<long>("select count(*) from notes", database)).ShouldBe(3);
        (await Pgdr.RunAsync(site, "status")).Output.ShouldContain("NOT RECOVERABLE");
    }

    [Fact]
    public async Task Run_ATenantThatFails_ExitsWith1AndNamesIt()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;

        var run = await Pgdr.RunAsync(site, "backup", "run", database, "--tenant", "a", "--tenant", "nobody");

        run.ExitCode.ShouldBe(ExitCodes.Failed, run.Error);
        run.Output.ShouldContain("FAILED: tenant nobody:");
        run.Output.ShouldContain("VERIFIED: tenant a, 2 rows");
        run.Error.ShouldMatch(@"the same command with --run cli-\w+ backs up those that failed alone\.");
        run.Output.ShouldContain("2 tenants: 1 verified, 0 not verified, 1 failed; 2 rows,");
    }

    [Fact]
    public async Task Run_Killed_GoesOnWithTheRestByItsName()
    {
        const int Tenants = 150;
        var (site, database) = await SiteAsync();
        using var disposed = site;
        await fixture.Server.ExecuteAsync($"insert into notes select 't' || i, i from generate_series(1, {Tenants - 2}) i", database);
        site.Settings["TENANT_JOBS"] = "2";
        string[] command = ["backup", "run", database, "--all-tenants", "--run", "weekly-47", "--json"];
        using (var process = Pgdr.Start(site, command))
        {
            var ended = Pgdr.EndAsync(process);
            while (Manifests(site) < 10)
            {
                process.HasExited.ShouldBeFalse();
                await Task.Delay(5);
            }

            process.Kill();
            (await ended).ExitCode.ShouldBe(128 + 9);
        }

        var done = Done(site);
        done.ShouldBeInRange(1, Tenants - 1);

        var rest = (await Pgdr.RunAsync(site, command)).ShouldSucceed().Json;

        rest["verified"]!.GetValue<int>().ShouldBe(Tenants);
        rest["taken_before"]!.GetValue<int>().ShouldBe(done);
        Done(site).ShouldBe(Tenants);
        // Of the two that were being taken a manifest may have been out already.
        Manifests(site).ShouldBeInRange(Tenants, Tenants + 2);
        var again = (await Pgdr.RunAsync(site, command[..^1])).ShouldSucceed().Output;
        again.ShouldContain($"{Tenants} tenants: {Tenants} verified, 0 not verified, 0 failed, {Tenants} of them before this command;");
    }

    [Fact]
    public async Task Run_TargetsAway_TellsHowToGoOn()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;
        site.Settings["BACKUP_REQUIRED_COPIES"] = "2";
        await File.WriteAllTextAsync(site.TargetFolder("a"), "not a folder");
        await File.WriteAllTextAsync(site.TargetFolder("b"), "not a folder");

        var run = await Pgdr.RunAsync(site, "backup", "run", database, "--all-tenants", "--run", "weekly-47");

        run.ShouldFail(1);
        run.Error.ShouldContain("The same command with --run weekly-47 leaves out the tenants that are done.\n");
    }

    [Theory]
    [InlineData("--tenant", "a", "--all-tenants")]
    [InlineData("--run", "weekly-47")]
    [InlineData("--all-tenants", "--run", "47; rm -r /")]
    [InlineData("--tenant", "a", "--kind", "base")]
    [InlineData("--tenant", " ")]
    public async Task Run_ContradictoryOptions_AreRefused(params string[] options)
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;

        (await Pgdr.RunAsync(site, ["backup", "run", database, .. options])).ExitCode.ShouldNotBe(0);
        Directory.Exists(site.TargetFolder("a")).ShouldBeFalse();
    }

    /// <summary>Lines of the run's log, but the one that a crash cut.</summary>
    private static int Done(BackupSite site) =>
        File.ReadLines(Directory.EnumerateFiles(Path.Combine(site.RunStore, "tenants")).Single()).Count(static line => line.EndsWith('}'));

    private static int Manifests(BackupSite site) =>
        Directory.Exists(site.TargetFolder("a")) ? Directory.EnumerateFiles(site.TargetFolder("a"), "manifest.json", SearchOption.AllDirectories).Count() : 0;

    private async Task<(BackupSite Site, string Database)> SiteAsync()
    {
        var (site, database) = await fixture.NewSiteAsync();
        await fixture.Server.ExecuteAsync("create table notes (t text, n int); insert into notes values ('a', 1), ('a', 2), ('b', 3)", database);
        site.Settings["Databases__0__Tenants__Mode"] = "column";
        site.Settings["Databases__0__Tenants__Column"] = "t";
        site.Settings["Databases__0__Tenants__Shared"] = "public.articles";
        site.Settings["Databases__0__Tenants__List"] = "select distinct t from notes";
        return (site, database);
    }
}
