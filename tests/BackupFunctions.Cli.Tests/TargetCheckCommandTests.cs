using BackupFunctions.Cli.Tests.Support;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class TargetCheckCommandTests(CliFixture fixture)
{
    [Fact]
    public async Task Check_OfTargetsWithBackups_ShowsEachFinding()
    {
        var result = (await Pgdr.RunAsync(fixture.Site, "target", "check")).ShouldSucceed();

        result.Output.ShouldContain("a: WARN");
        result.Output.ShouldContain("  OK    write              A small object was written.");
        result.Output.ShouldContain("  WARN  lock               ");
        result.Output.ShouldContain("c: WARN");
    }

    [Fact]
    public async Task Check_OfOneTargetInJson_GivesItsReportAlone()
    {
        var result = (await Pgdr.RunAsync(fixture.Site, "target", "check", "b", "--json")).ShouldSucceed();

        var report = result.Json["targets"]!.AsArray().Single()!;
        report["target"]!.GetValue<string>().ShouldBe("b");
        report["findings"]!.AsArray().ShouldContain(finding => finding!["check"]!.GetValue<string>() == "delete");
    }

    [Fact]
    public async Task Check_WhenOneTargetFails_FailsAndTellsTheOthersToo()
    {
        var (site, _) = await fixture.NewSiteAsync();
        using var disposed = site;
        site.Settings["Targets__dead__Type"] = "s3";
        site.Settings["Targets__dead__Endpoint"] = "http://127.0.0.1:1";
        site.Settings["Targets__dead__Bucket"] = "bucket";
        site.Settings["Targets__dead__AccessKey"] = "key";
        site.Settings["Targets__dead__SecretKey"] = "secret-canary";
        site.Settings["Targets__nokey__Type"] = "azure-blob";
        site.Settings["Targets__nokey__ConnectionStringFile"] = "/no/such/file";
        site.Settings["Targets__nokey__Container"] = "backups";

        var result = await Pgdr.RunAsync(site, "target", "check", "dead", "nokey", "--json");

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        var details = result.Json["targets"]!.AsArray().Select(target => target!["findings"]![0]!["detail"]!.GetValue<string>()).ToList();
        details[0].ShouldContain("127.0.0.1:1");
        details[1].ShouldContain("/no/such/file");
        result.Output.ShouldNotContain("secret-canary");
    }

    [Fact]
    public async Task Check_OfAnUnknownTarget_NamesTheOnesThereAre() =>
        (await Pgdr.RunAsync(fixture.Site, "target", "check", "r2")).ShouldFail(ExitCodes.Usage).ShouldContain("choose from a, b, c");
}
