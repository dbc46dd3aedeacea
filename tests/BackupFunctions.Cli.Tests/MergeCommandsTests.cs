using System.Text.Json.Nodes;
using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class MergeCommandsTests(CliFixture fixture)
{
    [Fact]
    public async Task Merge_PlanThenApply_BringsRowsBackAfterABackupOfTheDatabase()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("delete from notes where n = 1; update notes set said = 'live' where n = 2; insert into notes values ('a', 9, 'canary-new')", database);
        var file = Path.Combine(site.Folder, "plan.json");

        var plan = (await Pgdr.RunAsync(site, "merge", "plan", database, "--table", "public.notes", "--output", file)).ShouldSucceed();

        plan.Output.ShouldMatch(@" 1 +0 +1 +1 +1  public\.notes");
        plan.Output.ShouldNotContain("canary");
        JsonNode.Parse(await File.ReadAllTextAsync(file))!["merges"]![0]!["tables"]![0]!["only_live"]!.GetValue<long>().ShouldBe(1);
        (await NotesAsync(database)).ShouldBe("a2live,b3canary,a9canary-new");
        (await Pgdr.RunAsync(site, "merge", "apply", database, "--table", "public.notes")).ShouldFail(2).ShouldContain("--confirm");
        var applied = (await Pgdr.RunAsync(site, "merge", "apply", database, "--table", "public.notes", "--policy", "overwrite", "--confirm", database, "--json")).ShouldSucceed();

        (await NotesAsync(database)).ShouldBe("a1canary,a2canary,b3canary,a9canary-new");
        applied.Json["merges"]![0]!["applied"]!.GetValue<bool>().ShouldBeTrue();
        (await Pgdr.RunAsync(site, "backup", "list", "--database", database)).ShouldSucceed().Output.ShouldContain(applied.Json["undo_backup_id"]!.GetValue<string>());
        await NothingIsLeftAsync(site, database);
    }

    [Fact]
    public async Task Merge_ATenantFromItsBackup_LeavesTheOthersAndTakesNoOtherTenant()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;
        var run = (await Pgdr.RunAsync(site, "backup", "run", database, "--tenant", "a", "--json")).ShouldSucceed();
        var id = run.Json["backups"]![0]!["backup_id"]!.GetValue<string>();
        await fixture.Server.ExecuteAsync("delete from notes", database);

        (await Pgdr.RunAsync(site, "merge", "plan", database, "--backup", id)).ShouldFail(2).ShouldContain("of tenant 'a' alone");
        (await Pgdr.RunAsync(site, "merge", "plan", database, "--backup", id, "--tenant", "b")).ShouldFail(2).ShouldContain("of tenant 'a' alone");
        (await Pgdr.RunAsync(site, "merge", "apply", database, "--backup", id, "--tenant", "a", "--confirm", database, "--no-undo")).ShouldSucceed().Output.ShouldContain("written");

        (await NotesAsync(database)).ShouldBe("a1canary,a2canary");
        await NothingIsLeftAsync(site, database);
    }

    [Fact]
    public async Task Merge_OneTenantOfSeveralIsRefused_TheOthersAreWritten()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("delete from notes where t = 'a'; update notes set t = 'c' where t = 'b'", database);

        var run = await Pgdr.RunAsync(site, "merge", "apply", database, "--tenant", "b", "--tenant", "a", "--confirm", database, "--no-undo");

        run.ExitCode.ShouldBe(ExitCodes.Failed, run.Error);
        run.Output.ShouldContain("FAILED: tenant b:");
        run.Output.ShouldContain("written");
        (await NotesAsync(database)).ShouldBe("a1canary,a2canary,c3canary");
        await NothingIsLeftAsync(site, database);
    }

    [Fact]
    public async Task Merge_ThatIsRefused_ExitsWith1AndLeavesNothing()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("alter table notes alter said type varchar(90)", database);

        (await Pgdr.RunAsync(site, "merge", "apply", database, "--confirm", database)).ShouldFail(1).ShouldContain("public.notes");

        (await Pgdr.RunAsync(site, "backup", "list", "--database", database)).ShouldSucceed().Output.Split('\n').Count(line => line.Contains("VERIFIED", StringComparison.Ordinal) || line.Contains("PROVEN", StringComparison.Ordinal)).ShouldBe(1);
        await NothingIsLeftAsync(site, database);
    }

    [Theory]
    [InlineData("never")]
    [InlineData("newest:")]
    public async Task Merge_PolicyThatIsNone_IsRefused(string policy) =>
        (await Pgdr.RunAsync(fixture.Site, "merge", "plan", CliFixture.Database, "--policy", policy)).ShouldFail(2).ShouldContain("is no policy");

    private async Task NothingIsLeftAsync(BackupSite site, string database)
    {
        Directory.EnumerateFileSystemEntries(Path.Combine(site.WorkFolder, "restores")).ShouldBeEmpty();
        (await fixture.Server.ScalarAsync<long>($"select count(*) from pg_database where datname like 'pgdr\\_%' and oid > (select oid from pg_database where datname = '{database}')")).ShouldBe(0);
    }

    private async Task<string?> NotesAsync(string database) => await fixture.Server.ScalarAsync<string>("select string_agg(t || n || said, ',' order by n) from notes", database);

    private async Task<(BackupSite Site, string Database)> SiteAsync()
    {
        var (site, database) = await fixture.NewSiteAsync();
        await fixture.Server.ExecuteAsync(
            "create table notes (t text not null, n int primary key, said text); insert into notes values ('a', 1, 'canary'), ('a', 2, 'canary'), ('b', 3, 'canary')", database);
        site.Settings["Databases__0__Tenants__Mode"] = "column";
        site.Settings["Databases__0__Tenants__Column"] = "t";
        site.Settings["Databases__0__Tenants__Shared"] = "public.articles";
        site.Settings["Databases__0__Tenants__List"] = "select distinct t from notes";
        return (site, database);
    }
}
