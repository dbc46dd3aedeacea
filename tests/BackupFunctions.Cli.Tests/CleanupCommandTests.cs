using BackupFunctions.Cli.Tests.Support;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class CleanupCommandTests(CliFixture fixture)
{
    [Fact]
    public async Task DryRun_ExplainsEveryCopy()
    {
        var result = (await Pgdr.RunAsync(fixture.Site, "cleanup", "--dry-run")).ShouldSucceed();

        result.Output.Split('\n').Count(line => line.Contains("KEEP", StringComparison.Ordinal) && line.Contains("younger than 30 days", StringComparison.Ordinal)).ShouldBe(3);
        result.Output.ShouldContain("would be: 0 copies tombstoned");
    }

    [Fact]
    public async Task Keep_HoldsTheBackup_AndCleanupSaysSo()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        var id = (await Pgdr.RunAsync(site, "backup", "run", database, "--json")).ShouldSucceed().Json["backup_id"]!.GetValue<string>();

        (await Pgdr.RunAsync(site, "backup", "keep", id, "--days", "10")).ShouldSucceed().Output.ShouldContain($"{id} stays until");

        var cleanup = (await Pgdr.RunAsync(site, "cleanup", "--json")).ShouldSucceed();
        cleanup.Json["decisions"]!.AsArray().Select(decision => decision!["reasons"]!.ToJsonString()).ShouldAllBe(reasons => reasons.Contains("held until"));
        (await Pgdr.RunAsync(site, "backup", "list", "--deleted")).ShouldSucceed().Output.ShouldContain("held until");
    }

    [Fact]
    public async Task Cleanup_TargetAway_ExitsWith1()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        Directory.Move(site.TargetFolder("b"), site.TargetFolder("b") + ".away");

        var result = await Pgdr.RunAsync(site, "cleanup", "--dry-run");

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.Error.ShouldContain("Target b is unreachable");
    }
}
