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
    }

    [Theory]
    [InlineData("--tenant", "a", "--all-tenants")]
    [InlineData("--tenant", "a", "--kind", "base")]
    [InlineData("--tenant", " ")]
    public async Task Run_ContradictoryOptions_AreRefused(params string[] options)
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;

        (await Pgdr.RunAsync(site, ["backup", "run", database, .. options])).ExitCode.ShouldNotBe(0);
        Directory.Exists(site.TargetFolder("a")).ShouldBeFalse();
    }

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
