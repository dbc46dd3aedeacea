using System.Text.Json.Nodes;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.Tests.Support;

namespace BackupFunctions.Tests.Host;

[Collection(StateServerCollection.Name)]
public sealed class HostCommandTests(StateServer server)
{
    [Fact]
    public async Task Doctor_RecoveryWaitsForAPerson_NamesTheEventsAndIsStuckBeyondTheLimit()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.SelectBackup, Answer.Fails("No backup of shop is VERIFIED."));
        var instance = await host.RecoverAsync();
        await host.WaitingAsync(instance, step: 1);
        var state = host.Service<HostSettings>().StateConnection!;

        var healthy = await Pgdr.RunAsync(state, "doctor");
        healthy.ExitCode.ShouldBe(0, healthy.Error);
        healthy.Output.ShouldContain($"process {Environment.ProcessId} on {Environment.MachineName}: ALIVE");
        healthy.Output.ShouldContain("waits for external event 'abort' since ");
        healthy.Output.ShouldContain("waits for external event 'retry' since ");
        healthy.Output.ShouldContain("Healthy: nothing is stuck.");
        healthy.Output.ShouldNotContain(PostgresServer.SuperuserPassword);

        var stuck = await Pgdr.RunAsync(state, "doctor", "--limit", "0", "--json");
        stuck.ExitCode.ShouldBe(4, stuck.Error);
        var report = JsonNode.Parse(stuck.Output)!;
        report["is_healthy"]!.GetValue<bool>().ShouldBeFalse();
        var found = report["open_instances"]!.AsArray().ShouldHaveSingleItem()!;
        found["instance_id"]!.GetValue<string>().ShouldBe(instance);
        found["waits_for"]!.AsArray().Select(wait => wait!["name"]!.GetValue<string>()).ShouldBe(["abort", "retry"]);
        found["stuck"]!.GetValue<string>().ShouldStartWith("It has not moved since ");
    }

    [Fact]
    public async Task Replay_StoredAndExportedHistories_FitTheApp()
    {
        using var folder = new TemporaryFolder();
        await using var host = await AppHost.StartAsync(server);
        var ended = await host.Client.ScheduleNewOrchestrationInstanceAsync("FullBackup", new FullBackupParameters("shop", "test"));
        (await host.EndAsync(ended)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        var state = host.Service<HostSettings>().StateConnection!;

        var stored = await Pgdr.RunAsync(state, "replay", "--instance", ended, "--json");
        stored.ExitCode.ShouldBe(0, stored.Error);
        var replayed = JsonNode.Parse(stored.Output)!.AsArray().ShouldHaveSingleItem()!;
        (replayed["instance_id"]!.GetValue<string>(), replayed["status"]!.GetValue<string>()).ShouldBe((ended, "COMPLETED"));
        var exported = await Pgdr.RunAsync(state, "export", folder["histories"]);
        exported.Output.Trim().ShouldBe(Directory.GetFiles(folder["histories"]).ShouldHaveSingleItem());
        var again = await Pgdr.RunAsync("Host=nowhere", "replay", "--from", folder["histories"]);
        (again.ExitCode, again.Output.Trim()).ShouldBe((0, "The code fits all 1 histories."), again.Error);

        var open = await Pgdr.RunAsync(state, "replay", "--instance", ended, "--open");
        open.ExitCode.ShouldBe(2);
        open.Error.ShouldContain($"The host knows no workflow '{ended}', or it has ended");
    }

    [Fact]
    public async Task Replay_HistoryOfOtherCode_NamesTheMismatch()
    {
        var misfit = await Pgdr.RunAsync("Host=nowhere", "replay", "--from", RecordedHistoriesTests.Misfits);

        misfit.ExitCode.ShouldBe(5, misfit.Error);
        misfit.Output.ShouldContain("backup-renamed  FullBackup  RUNNING");
        misfit.Output.ShouldContain("an activity task named 'LaunchJob' with sequence ID 0");
        misfit.Output.ShouldContain("an activity task named 'StartJob'");
        misfit.Output.ShouldContain("The code does not fit 1 of 1 histories");
    }
}
