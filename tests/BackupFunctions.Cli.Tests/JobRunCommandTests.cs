using System.Text.Json.Nodes;
using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Runs;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class JobRunCommandTests(CliFixture fixture)
{
    [Fact]
    public async Task Run_BackupBySpecification_LeavesItsResultInTheRunStore()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        var store = new RunStore(site.RunStore);
        store.Create(Spec("run-1", database));

        (await Pgdr.RunAsync(site, "job", "run", "run-1")).ShouldSucceed();

        var result = store.ReadResult("run-1")!;
        result.State.ShouldBe(JobState.Succeeded);
        result.Output!["status"]!.GetValue<string>().ShouldBe("VERIFIED");
        result.PhaseSeconds.ContainsKey("dump").ShouldBeTrue();
    }

    [Fact]
    public async Task Run_Fails_ExitsWith1AndTheResultHasCodeAndSentence()
    {
        var (site, _) = await fixture.NewSiteAsync();
        using var disposed = site;
        var store = new RunStore(site.RunStore);
        store.Create(Spec("run-1", "nonsense"));

        var sentence = (await Pgdr.RunAsync(site, "job", "run", "run-1")).ShouldFail(1);

        store.ReadResult("run-1")!.ShouldSatisfyAllConditions(
            result => result.State.ShouldBe(JobState.Failed),
            result => result.ErrorCode.ShouldBe(Contracts.ErrorCodes.DatabaseUnknown),
            result => sentence.ShouldEndWith(result.Error!));
    }

    [Theory]
    [InlineData("no-such-run")]
    [InlineData("../outside")]
    public async Task Run_Unknown_ExitsWith2(string run) => (await Pgdr.RunAsync(fixture.Site, "job", "run", run)).ShouldFail(2);

    private static JobSpec Spec(string run, string database) => new()
    {
        RunId = run,
        Kind = JobKinds.FullBackup,
        Parameters = new JsonObject { ["database"] = database, ["reason"] = "test" },
    };
}
