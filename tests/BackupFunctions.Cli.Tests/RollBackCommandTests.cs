using BackupFunctions.Cli.Tests.Support;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class RollBackCommandTests(CliFixture fixture)
{
    [Fact]
    public async Task RollBack_AfterARestore_BringsTheDatabaseBackAsItWasAndCanBeUndone()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("delete from articles", database);
        (await Pgdr.RunAsync(site, "restore", database, "--confirm", database)).ShouldSucceed();

        var back = (await Pgdr.RunAsync(site, "rollback", database, "--confirm", database)).ShouldSucceed();
        var emptied = await CountAsync(database);
        var forth = (await Pgdr.RunAsync(site, "rollback", database, "--confirm", database, "--json")).ShouldSucceed();

        back.Output.ShouldContain($"{database} is again what was kept as pgdr_kept_");
        emptied.ShouldBe(0);
        (await CountAsync(database)).ShouldBe(CliFixture.Rows);
        forth.Json["kept_database"]!.GetValue<string>().ShouldStartWith("pgdr_kept_");
    }

    [Fact]
    public async Task RollBack_SeveralKept_AsksWhichAndTakesTheNamedOne()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        (await Pgdr.RunAsync(site, "restore", database, "--confirm", database)).ShouldSucceed();
        (await Pgdr.RunAsync(site, "restore", database, "--confirm", database)).ShouldSucceed();
        var list = (await Pgdr.RunAsync(site, "rollback", database, "--list", "--json")).ShouldSucceed().Json.AsArray();
        var first = list[0]!["name"]!.GetValue<string>();

        (await Pgdr.RunAsync(site, "rollback", database, "--confirm", database)).ShouldFail(1).ShouldContain("--kept");
        (await Pgdr.RunAsync(site, "rollback", database, "--confirm", database, "--kept", "nonsense")).ShouldFail(1).ShouldContain(first);
        (await Pgdr.RunAsync(site, "rollback", database, "--confirm", database, "--kept", first)).ShouldSucceed().Output.ShouldContain(first);

        list.Count.ShouldBe(2);
        (await Pgdr.RunAsync(site, "rollback", database, "--list")).ShouldSucceed().Output.ShouldNotContain(first);
    }

    [Fact]
    public async Task RollBack_NothingKept_SaysSo()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;

        (await Pgdr.RunAsync(site, "rollback", database, "--confirm", database)).ShouldFail(1).ShouldContain("nothing to roll back to");
    }

    [Fact]
    public async Task RollBack_NotConfirmed_ExitsWith2()
    {
        (await Pgdr.RunAsync(fixture.Site, "rollback", CliFixture.Database)).ShouldFail(2).ShouldContain("--confirm");
        (await Pgdr.RunAsync(fixture.Site, "rollback", CliFixture.Database, "--confirm", "other")).ShouldFail(2).ShouldContain("--confirm");
    }

    private Task<long> CountAsync(string database) => fixture.Server.ScalarAsync<long>("select count(*) from articles", database);
}
