using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.Tests.Support;

namespace BackupFunctions.EmbeddedHost.Tests.Doctor;

public sealed class StuckTests(StateServer server) : DoctorTests(server)
{
    private static readonly TimeSpan Later = TimeSpan.FromHours(2);

    [Fact]
    public async Task Stuck_ActivityVanished_IsNeverBrought()
    {
        Engine.Orchestrator("Calls", context => context.CallActivityAsync<string>("Work")).Activity("Work", async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return null;
        });
        await Engine.StartAsync();
        await Engine.ScheduleAsync("Calls", "calls");
        await Engine.UntilAsync(() => IsAsync("SELECT EXISTS (SELECT FROM durable.new_tasks WHERE locked_by IS NOT NULL)"));
        await Engine.StopAsync();
        await ExecuteAsync("DELETE FROM durable.new_tasks");

        var found = await DiagnoseAsync("calls", Hour);

        found.WaitsFor.ShouldHaveSingleItem().IsLost.ShouldBeTrue();
        found.Stuck.ShouldNotBeNull();
        found.Stuck.ShouldStartWith("It waits for activity Work (absent) since ");
    }

    [Fact]
    public async Task Stuck_TimerVanished_IsNeverBrought()
    {
        Engine.Orchestrator("Sleeps", async context =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime.AddHours(1), CancellationToken.None);
            return "done";
        });
        await StartAndSettleAsync("Sleeps", "sleeps");
        await ExecuteAsync("DELETE FROM durable.new_events");

        (await DiagnoseAsync("sleeps", Hour, Engine.Functions)).Stuck!.ShouldStartWith("It waits for a timer due at ");
    }

    [Fact]
    public async Task Stuck_ChildVanished_IsNeverBrought()
    {
        Engine.Orchestrator("Parent", context => context.CallSubOrchestratorAsync<string>("Child"))
            .Orchestrator("Child", context => context.WaitForExternalEvent<string>("go"));
        await StartAndSettleAsync("Parent", "parent");
        await Engine.UntilAsync(() => IsAsync("SELECT count(*) = 2 FROM durable.instances"));
        await Engine.StopAsync();
        await ExecuteAsync("DELETE FROM durable.instances WHERE instance_id <> 'parent'");

        (await DiagnoseAsync("parent", Hour)).Stuck!.ShouldContain("sub-orchestration Child");
    }

    [Fact]
    public async Task Stuck_StartVanished_IsNeverBrought()
    {
        await Engine.ScheduleAsync("Anything", "lost");
        await ExecuteAsync("DELETE FROM durable.new_events");

        (await DiagnoseAsync("lost", Hour)).Stuck.ShouldBe("It waits for its start, which nobody will ever bring.");
    }

    [Fact]
    public async Task Stuck_WaitsForAPersonTooLong_UnlessSuspended()
    {
        Engine.Orchestrator("Asks", context => context.WaitForExternalEvent<string>("go"));
        await StartAndSettleAsync("Asks", "asks");

        (await DiagnoseAsync("asks", Hour, Engine.Functions)).Stuck.ShouldBeNull();
        (await DiagnoseAsync("asks", Hour, Engine.Functions, Later)).Stuck!.ShouldStartWith("It has not moved since ");
        (await ExamineAsync(Hour, Engine.Functions, Later)).IsHealthy.ShouldBeFalse();
        (await ExamineAsync(TimeSpan.FromHours(3), Engine.Functions, Later)).IsHealthy.ShouldBeTrue();

        await Engine.Client.SuspendInstanceAsync("asks", "for a while");
        await Engine.UntilStatusAsync("asks", OrchestrationRuntimeStatus.Suspended);
        (await DiagnoseAsync("asks", Hour, Engine.Functions, Later)).Stuck.ShouldBeNull();
    }

    [Fact]
    public async Task Stuck_NobodyTakesUpWhatIsDue_SaysSinceWhen()
    {
        await Engine.ScheduleAsync("Anything", "due");
        await ExecuteAsync("UPDATE durable.instances SET attempts = 3");

        (await DiagnoseAsync("due", Hour)).Stuck.ShouldBeNull();
        var late = (await DiagnoseAsync("due", Hour, later: Later)).Stuck!;
        late.ShouldStartWith("No host has taken it up although it is due since ");
        late.ShouldContain("3 turns failed");
    }

    [Fact]
    public async Task Stuck_CodeDoesNotFit_SaysWhatDiffers()
    {
        Engine.Orchestrator("Flow", async context =>
        {
            await context.CallActivityAsync<string>("Old");
            return await context.WaitForExternalEvent<string>("go");
        }).Activity("Old", (_, _) => Task.FromResult<object?>("done"));
        await StartAndSettleAsync("Flow", "flow");
        await Engine.UntilAsync(() => IsAsync("SELECT EXISTS (SELECT FROM durable.history WHERE event_type = 'TaskCompleted')"));
        await using var changed = new Engine("Host=nowhere");
        changed.Orchestrator("Flow", context => context.CallActivityAsync<string>("New"));

        var found = await DiagnoseAsync("flow", Hour, changed.Functions);

        found.Stuck!.ShouldContain("activity task named 'Old' with sequence ID 0");
        found.Stuck!.ShouldContain("activity task named 'New'");
    }

    [Fact]
    public async Task Stuck_EventOfAnUnknownKind_CannotBeRead()
    {
        await Engine.ScheduleAsync("Anything", "future");
        await ExecuteAsync("""UPDATE durable.new_events SET event = '{"type":"EntityCalled"}'""");

        (await DiagnoseAsync("future", Hour)).Stuck!.ShouldStartWith("What is stored of it cannot be read by this version");
    }
}
