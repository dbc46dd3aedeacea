using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.Faults.Tests.Support;

namespace BackupFunctions.Faults.Tests;

/// <summary>The same faults as a person at the command line meets them: pgdr as a process, with the patience that it really has.</summary>
[Collection(FaultCollection.Name)]
public sealed class CommandLineTests(FaultFixture fixture)
{
    [Fact]
    public async Task Pgdr_TargetDownDuringABackup_SaysSoListsTheTruthAndRepairs()
    {
        await using var site = await NewSiteAsync();
        site.TakeDown("r2");

        var run = (await Pgdr.RunAsync(site.Site, "backup", "run", SampleData.Shop)).ShouldSucceed();
        var id = run.Output.Split(' ')[0];
        run.Output.ShouldContain("VERIFIED");
        run.Output.ShouldContain("copies on b2, local");
        run.Error.ShouldContain("The copy on target 'r2' is missing: Target r2 is unreachable");
        run.Error.ShouldContain("check the endpoint and the network");

        var list = await Pgdr.RunAsync(site.Site, "backup", "list");
        list.ExitCode.ShouldBe(1);
        list.Output.ShouldContain(id);
        list.Output.ShouldContain("b2,local ");
        list.Error.ShouldContain("warning: Target r2 is unreachable");
        var status = await Pgdr.RunAsync(site.Site, "status");
        (status.ExitCode, status.Output).ShouldSatisfyAllConditions(
            said => said.ExitCode.ShouldBe(1), said => said.Output.ShouldContain($"shop: recoverable to"), said => said.Output.ShouldContain(id));

        site.BringBack("r2");
        var repaired = (await Pgdr.RunAsync(site.Site, "backup", "verify", id, "--repair")).ShouldSucceed();
        repaired.Output.ShouldContain("r2: MISSING, repaired");
        repaired.Output.ShouldContain("2 good, 1 missing, 0 damaged, 0 unreachable; 1 repaired");
        (await Pgdr.RunAsync(site.Site, "backup", "list")).ShouldSucceed().Output.ShouldContain("r2,b2,local");
        (await Pgdr.RunAsync(site.Site, "status")).ShouldSucceed();
        await site.ShouldBecomeWholeAsync(id);
    }

    [Fact]
    public async Task Pgdr_CopyDamaged_RestoresFromAnotherNamesItAndRepairs()
    {
        await using var site = await NewSiteAsync();
        var backup = await fixture.ShopAsync();
        await site.PutAsync(backup);
        var bytes = backup.Objects[backup.Largest].ToArray();
        bytes[200_000] ^= 1;
        await site.Store("r2").PutAsync(backup.Largest, bytes);
        await fixture.Server.ExecuteAsync("delete from lines", SampleData.Shop);

        var restored = (await Pgdr.RunAsync(site.Site, "restore", SampleData.Shop, "--confirm", SampleData.Shop)).ShouldSucceed();
        restored.Output.ShouldContain("rows identical");
        restored.Error.ShouldContain("from r2 is damaged and is taken from another target");
        (await SampleData.DigestAsync(fixture.Server, SampleData.Shop)).ShouldBe(fixture.DigestOf(SampleData.Shop));

        var verified = await Pgdr.RunAsync(site.Site, "backup", "verify", backup.BackupId);
        verified.ExitCode.ShouldBe(1);
        verified.Output.ShouldContain("r2: DAMAGED");
        verified.Output.ShouldContain("is not what was signed: its SHA-256 differs");
        verified.Output.ShouldContain("'pgdr backup verify ... --repair' makes missing and damaged copies whole");
        (await Pgdr.RunAsync(site.Site, "backup", "verify", backup.BackupId, "--repair")).ShouldSucceed().Output.ShouldContain("r2: DAMAGED, repaired");
        await site.ShouldBecomeWholeAsync(backup.BackupId);
    }

    [Fact]
    public async Task Pgdr_WrongCredentials_NamesTheTargetAndTheSetting()
    {
        await using var site = await NewSiteAsync();
        await site.PutAsync(await fixture.ShopAsync());
        site.Set("R2_SECRET_KEY", "wrong-canary");

        var check = await Pgdr.RunAsync(site.Site, "target", "check", "r2");
        var list = await Pgdr.RunAsync(site.Site, "backup", "list");

        check.ExitCode.ShouldBe(1);
        check.Output.ShouldContain("r2: FAIL");
        check.Output.ShouldContain("the secret key in the settings belongs to it");
        list.ExitCode.ShouldBe(1);
        list.Error.ShouldContain("Target r2 refused");
        (check.Output + check.Error + list.Output + list.Error).ShouldNotContain("wrong-canary");
    }

    private async Task<FaultSite> NewSiteAsync()
    {
        var site = await fixture.NewSiteAsync();
        // One database, so that the exit code of status speaks of it.
        site.Site.Settings.Remove("Databases__1__Name");
        site.Site.Settings.Remove("Databases__1__Server");
        return site;
    }
}
