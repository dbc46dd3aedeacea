using BackupFunctions.Cli.Tests.Support;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class BackupVerifyCommandTests(CliFixture fixture)
{
    [Fact]
    public async Task Verify_DamagedCopy_ExitsWith1UntilItIsRepaired()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        var id = (await Pgdr.RunAsync(site, "backup", "run", database, "--json")).ShouldSucceed().Json["backup_id"]!.GetValue<string>();
        (await Pgdr.RunAsync(site, "backup", "verify")).ShouldSucceed().Output.ShouldContain("1 backups read");
        var file = Directory.GetFiles(site.TargetFolder("b"), "000001.tink", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var found = await Pgdr.RunAsync(site, "backup", "verify", id);

        found.ExitCode.ShouldBe(ExitCodes.Failed);
        found.Output.ShouldContain($"{id}  b: DAMAGED");
        found.Output.ShouldContain("its SHA-256 differs");
        found.Output.ShouldContain("2 good, 0 missing, 1 damaged, 0 unreachable; 0 repaired");
        found.Output.ShouldContain("--repair' makes missing and damaged copies whole");

        var repaired = (await Pgdr.RunAsync(site, "backup", "verify", id, "--repair", "--json")).ShouldSucceed();
        repaired.Json["findings"]![0]!["condition"]!.GetValue<string>().ShouldBe("DAMAGED");
        repaired.Json["repaired"]!.GetValue<int>().ShouldBe(1);
        (await Pgdr.RunAsync(site, "backup", "verify", "--all")).ShouldSucceed().Output.ShouldContain("3 good");
    }

    [Fact]
    public async Task Verify_IdsAndAll_IsRefused()
    {
        var refused = await Pgdr.RunAsync(fixture.Site, "backup", "verify", "x", "--all");

        refused.ExitCode.ShouldBe(ExitCodes.Usage);
        refused.Error.ShouldContain("not both");
    }
}
