using System.Globalization;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.State;
using BackupFunctions.EmbeddedHost.Tests.Support;

namespace BackupFunctions.EmbeddedHost.Tests.State;

/// <summary>State databases as old releases left them are taken over: see Fixtures/README.md.</summary>
[Collection(StateServerCollection.Name)]
public sealed class OldStateTests(StateServer server)
{
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "State", "Fixtures");

    public static TheoryData<string> Dumps => [.. Directory.GetFiles(Fixtures, "*.sql").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Dumps))]
    public Task Start_StateOfOldRelease_EveryInstanceEnds(string dump) => TakeOverAsync(Path.Combine(Fixtures, dump));

    /// <summary>Also makes the dump that a release adds to its fixtures.</summary>
    [Fact]
    public async Task Start_StateOfThisRelease_EveryInstanceEnds()
    {
        var dump = Path.Combine(AppContext.BaseDirectory, string.Create(CultureInfo.InvariantCulture, $"schema-{SchemaScripts.Newest}.sql"));
        await OldState.RecordAsync(server, dump);
        await TakeOverAsync(dump);
    }

    private async Task TakeOverAsync(string dump)
    {
        var database = await OldState.RestoreAsync(server, dump);

        // Every timer of the dump is due by then, whatever this machine's clock says.
        var time = new LaterTimeProvider(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var engine = OldState.AddWorkflows(new Engine(server.Pooled(database), time), isOld: false);
        await engine.StartAsync();
        foreach (var waiting in new[] { "event", "child", "renewed" })
        {
            await engine.Client.RaiseEventAsync(waiting, "go", "done");
        }

        await engine.Client.ResumeInstanceAsync("suspended", "go on");
        foreach (var id in OldState.Open)
        {
            var end = await engine.EndAsync(id);
            (end.RuntimeStatus, end.SerializedOutput).ShouldBe((OrchestrationRuntimeStatus.Completed, OldState.Output), id);
        }

        (await engine.EndAsync("finished")).SerializedOutput.ShouldBe(OldState.Output);
        (await engine.EndAsync("failed")).FailureDetails!.ErrorMessage.ShouldBe("It was meant to fail.");
        (await engine.EndAsync("terminated")).SerializedOutput.ShouldBe("\"by hand\"");
        (await server.Server.ScalarAsync<int>("SELECT max(version) FROM durable.versions", database)).ShouldBe(SchemaScripts.Newest);
        await engine.StopAsync();
    }
}
