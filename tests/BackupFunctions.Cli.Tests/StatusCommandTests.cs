using BackupFunctions.Cli.Tests.Support;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class StatusCommandTests(CliFixture fixture)
{
    [Fact]
    public async Task Status_FromNothingToProven_SaysWhatARecoveryWouldUse()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;

        var nothing = await Pgdr.RunAsync(site, "status");
        nothing.ExitCode.ShouldBe(1);
        nothing.Output.ShouldContain($"{database}: NOT RECOVERABLE");

        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        var verified = (await Pgdr.RunAsync(site, "status")).ShouldSucceed();
        verified.Output.ShouldContain($"{database}: recoverable to ");
        verified.Output.ShouldContain("never proven");

        (await Pgdr.RunAsync(site, "restore", database, "--confirm", database)).ShouldSucceed();
        (await Pgdr.RunAsync(site, "status")).ShouldSucceed().Output.ShouldContain("last proven by a restore 20");
        var json = (await Pgdr.RunAsync(site, "status", "--json")).ShouldSucceed().Json.AsArray().Single()!;
        json["status"]!.GetValue<string>().ShouldBe("PROVEN");
        json["age_seconds"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(0);
    }
}
