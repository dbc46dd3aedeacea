using BackupFunctions.EmbeddedHost.Doctor;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.Tests.Support;

namespace BackupFunctions.EmbeddedHost.Tests.Doctor;

public sealed class WaitTests(StateServer server) : DoctorTests(server)
{
    [Fact]
    public async Task Waits_ExternalEvents_AreNamedByTheCodeOnly()
    {
        Engine.Orchestrator("Asks", async context =>
        {
            using var over = new CancellationTokenSource();
            var given = context.WaitForExternalEvent<string>("given up", over.Token);
            Cancel(over);
            await Task.WhenAny(given);
            return await await Task.WhenAny(context.WaitForExternalEvent<string>("retry"), context.WaitForExternalEvent<string>("abort"));
        });
        await StartAndSettleAsync("Asks", "asks");

        var known = await DiagnoseAsync("asks", Hour, Engine.Functions);
        known.WaitsFor.Select(wait => (wait.Kind, wait.Name)).ShouldBe([(WaitKind.ExternalEvent, "abort"), (WaitKind.ExternalEvent, "retry")]);
        known.WaitsFor.ShouldAllBe(wait => wait.Since == known.LastProgressAt);
        known.Stuck.ShouldBeNull();

        var unknown = await DiagnoseAsync("asks", Hour);
        unknown.WaitsFor.ShouldHaveSingleItem().Kind.ShouldBe(WaitKind.Unknown);
        Sentences.Of(unknown.WaitsFor[0]).ShouldContain("only the app's code knows");
        unknown.Stuck.ShouldBeNull();
    }

    [Fact]
    public async Task Waits_RunningActivity_NamesItsHolder()
    {
        using var release = new SemaphoreSlim(0);
        Engine.Orchestrator("Calls", context => context.CallActivityAsync<string>("Work")).Activity("Work", async (_, cancellation) =>
        {
            await release.WaitAsync(cancellation);
            return "done";
        });
        await Engine.StartAsync();
        await Engine.ScheduleAsync("Calls", "calls");
        await Engine.UntilAsync(() => IsAsync("SELECT EXISTS (SELECT FROM durable.new_tasks WHERE locked_by IS NOT NULL)"));

        var report = await ExamineAsync(Hour, Engine.Functions);

        var wait = report.OpenInstances.ShouldHaveSingleItem().WaitsFor.ShouldHaveSingleItem();
        (wait.Kind, wait.Name, wait.State, wait.Deliveries).ShouldBe((WaitKind.Activity, "Work", "running", 1));
        wait.HeldBy.ShouldBe($"process {Environment.ProcessId} on {Environment.MachineName}");
        var host = report.Hosts.ShouldHaveSingleItem();
        (host.ProcessId, host.Life).ShouldBe((Environment.ProcessId, HostLife.Alive));
        host.Leases.Select(lease => (lease.InstanceId, lease.Activity)).ShouldContain(("calls", "Work"));
        (report.Backlog!.NewTasks, report.Backlog.QueuedTasks).ShouldBe((1, 0));
        release.Release();
        await Engine.EndAsync("calls");
    }

    [Fact]
    public async Task Waits_StoppedHost_LeavesActivityQueuedAndEventDue()
    {
        Engine.Orchestrator("Calls", context => context.CallActivityAsync<string>("Work"))
            .Orchestrator("Asks", context => context.WaitForExternalEvent<string>("go"))
            .Activity("Work", async (_, cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return null;
            });
        await StartAndSettleAsync("Asks", "asks");
        await Engine.ScheduleAsync("Calls", "calls");
        await Engine.UntilAsync(() => IsAsync("SELECT EXISTS (SELECT FROM durable.new_tasks WHERE locked_by IS NOT NULL)"));
        await Engine.StopAsync();
        await Engine.Client.RaiseEventAsync("asks", "go", "now");

        var report = await ExamineAsync(Hour);

        report.Hosts.ShouldBeEmpty();
        report.OpenInstances.Single(i => i.InstanceId == "calls").WaitsFor.ShouldHaveSingleItem().State.ShouldBe("queued");
        report.OpenInstances.Single(i => i.InstanceId == "asks").UnseenEvents.ShouldBe(1);
        (report.Backlog!.NewEvents, report.Backlog.DueEvents, report.Backlog.NewTasks, report.Backlog.QueuedTasks).ShouldBe((1, 1, 1, 1));
        report.Backlog.OldestDueSeconds!.Value.ShouldBeInRange(0, 600);
    }

    [Fact]
    public async Task Waits_Timers_AreDueWhenTheySayAndCanceledOnesAreKnownToTheCode()
    {
        Engine.Orchestrator("Sleeps", async context =>
        {
            using var enough = new CancellationTokenSource();
            _ = context.CreateTimer(context.CurrentUtcDateTime.AddHours(1), enough.Token);
            Cancel(enough);
            await context.CreateTimer(context.CurrentUtcDateTime.AddHours(2), CancellationToken.None);
            return "done";
        });
        await StartAndSettleAsync("Sleeps", "sleeps");

        (await DiagnoseAsync("sleeps", Hour)).WaitsFor.Count.ShouldBe(2);
        var known = await DiagnoseAsync("sleeps", TimeSpan.Zero, Engine.Functions);
        var wait = known.WaitsFor.ShouldHaveSingleItem();
        wait.Kind.ShouldBe(WaitKind.Timer);
        (wait.DueAt!.Value - wait.Since).ShouldBe(TimeSpan.FromHours(2));
        known.Stuck.ShouldBeNull();
        (await ExamineAsync(Hour)).Backlog!.LaterEvents.ShouldBe(2);
    }

    [Fact]
    public async Task Waits_SubOrchestration_IsJudgedByItself()
    {
        Engine.Orchestrator("Parent", context => context.CallSubOrchestratorAsync<string>("Child", null, new SubOrchestrationOptions { InstanceId = "child" }))
            .Orchestrator("Child", context => context.WaitForExternalEvent<string>("go"));
        await StartAndSettleAsync("Parent", "parent");
        await SettleAsync("child");

        var report = await ExamineAsync(Hour, Engine.Functions, later: TimeSpan.FromHours(2));

        var parent = report.OpenInstances.Single(instance => instance.InstanceId == "parent");
        var wait = parent.WaitsFor.ShouldHaveSingleItem();
        (wait.Kind, wait.Name, wait.InstanceId, wait.State).ShouldBe((WaitKind.SubOrchestration, "Child", "child", "Running"));
        parent.Stuck.ShouldBeNull();
        report.OpenInstances.Single(instance => instance.InstanceId == "child").Stuck.ShouldNotBeNull();
    }

    [Fact]
    public async Task Waits_PlannedStart_SaysWhen()
    {
        Engine.Orchestrator("Later", _ => Task.FromResult("done"));
        await Engine.StartAsync();
        var planned = TimeProvider.System.GetUtcNow().AddHours(5);
        await Engine.Client.ScheduleNewOrchestrationInstanceAsync("Later", null, new StartOrchestrationOptions("later", planned));

        var later = await DiagnoseAsync("later", TimeSpan.Zero, Engine.Functions);

        var wait = later.WaitsFor.ShouldHaveSingleItem();
        wait.Kind.ShouldBe(WaitKind.Start);
        wait.DueAt!.Value.ShouldBe(planned.UtcDateTime, TimeSpan.FromMilliseconds(1));
        later.Stuck.ShouldBeNull();
    }

    /// <summary>At once: an orchestrator must not await what is not durable.</summary>
    private static void Cancel(CancellationTokenSource source) => source.Cancel();
}
