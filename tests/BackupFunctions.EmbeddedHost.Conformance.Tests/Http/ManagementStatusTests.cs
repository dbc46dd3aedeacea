using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

public sealed class ManagementStatusTests(HttpHostFixture fixture) : ManagementTest(fixture)
{
    [Fact]
    [Conforms("Status of what runs: 202, Location = the request's URL, Retry-After 5; unknown: 404", Source.DurableExtension)]
    public async Task Status_Running_Is202WithLocation_AndUnknownIs404()
    {
        await StartWaitingAsync("running");

        using var response = await Host.SendAsync(HttpMethod.Get, $"{Base}/instances/running?code=x", TestHost.SystemKey);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        response.Headers.Location!.OriginalString.ShouldBe(Host.Client.BaseAddress + $"{Base[1..]}/instances/running?code=x");
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        (await CodeAsync(HttpMethod.Get, "instances/unknown")).ShouldBe(404);
    }

    [Fact]
    [Conforms("Status of what failed: 200, or 500 with returnInternalServerErrorOnFailure=true", Source.DurableExtension)]
    public async Task Status_Failed_Is200_Or500WhenAskedFor()
    {
        using var start = await PostAsync("orchestrators/Fail/failed", "");
        await EndAsync("failed");

        using var response = await Host.SendAsync(HttpMethod.Get, $"{Base}/instances/failed", TestHost.SystemKey);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var status = await response.Content.ReadFromJsonAsync<JsonElement>();
        status.GetProperty("runtimeStatus").GetString().ShouldBe("Failed");
        status.GetProperty("output").GetString()!.ShouldContain("cause");
        (await CodeAsync(HttpMethod.Get, "instances/failed?returnInternalServerErrorOnFailure=true")).ShouldBe(500);
    }

    [Fact]
    [Conforms("showHistory folds requests into completions (ScheduledTime, FunctionName) and drops the engine's marks and ids; Result only with showHistoryOutput, Input only with showInput", Source.DurableExtension)]
    public async Task Status_WithHistory_FoldsRequestsIntoCompletions()
    {
        using var start = await PostAsync("orchestrators/Hello/history", """{"name": "Di"}""");
        await EndAsync("history");

        var plain = (await JsonAsync("instances/history?showHistory=true")).GetProperty("historyEvents");
        plain.EnumerateArray().Select(happened => happened.GetProperty("EventType").GetString()).ShouldBe(["ExecutionStarted", "TaskCompleted", "ExecutionCompleted"]);
        plain[0].GetProperty("FunctionName").GetString().ShouldBe("Hello");
        plain[1].GetProperty("FunctionName").GetString().ShouldBe("Greet");
        plain[1].GetProperty("ScheduledTime").GetDateTime().ShouldBeLessThanOrEqualTo(plain[1].GetProperty("Timestamp").GetDateTime());
        plain[1].TryGetProperty("Result", out _).ShouldBeFalse();
        plain[1].TryGetProperty("EventId", out _).ShouldBeFalse();
        plain[2].GetProperty("OrchestrationStatus").GetString().ShouldBe("Completed");

        var full = (await JsonAsync("instances/history?showHistory=true&showHistoryOutput=true&showInput=false")).GetProperty("historyEvents");
        full[1].GetProperty("Result").GetString().ShouldBe("Hello Di");
        full[0].TryGetProperty("Input", out _).ShouldBeFalse();
    }

    [Fact]
    [Conforms("showHistory of what runs: completed and failed tasks, sub-orchestrations and timers are shown, their requests folded in", Source.DurableExtension)]
    public async Task Status_HistoryOfEverything_ShowsEachKindOnce()
    {
        using var start = await PostAsync("orchestrators/Everything/everything", "");
        await UntilAsync("everything", status => status.SerializedCustomStatus is not null);

        var history = (await JsonAsync("instances/everything?showHistory=true&showHistoryOutput=true")).GetProperty("historyEvents").EnumerateArray().ToList();

        history.Select(happened => happened.GetProperty("EventType").GetString()).ShouldBe(
            ["ExecutionStarted", "TaskCompleted", "TimerCreated", "TimerFired", "SubOrchestrationInstanceCompleted", "TaskFailed"]);
        history[4].GetProperty("FunctionName").GetString().ShouldBe("Hello");
        history[4].GetProperty("Result").GetString().ShouldBe("Hello Bob");
        history[5].GetProperty("FunctionName").GetString().ShouldBe("Throw");
        history[5].GetProperty("Reason").GetString().ShouldBe("cause");
        history[3].GetProperty("FireAt").GetDateTime().ShouldBeGreaterThan(DateTime.UnixEpoch);
        string[] dropped = ["EventId", "IsPlayed", "TaskScheduledId", "TimerId", "Version", "Tags", "OrchestrationInstance", "ParentInstance"];
        history.SelectMany(happened => happened.EnumerateObject()).Select(property => property.Name).Intersect(dropped, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    [Conforms("A TaskScheduled without its completion stays visible in the history", Source.DurableExtension)]
    public async Task Status_ActivityStillRuns_ShowsItsRequest()
    {
        using var start = await PostAsync("orchestrators/CallHold/held", "");
        await UntilAsync("held", OrchestrationRuntimeStatus.Running);
        JsonElement history;
        do
        {
            history = (await JsonAsync("instances/held?showHistory=true")).GetProperty("historyEvents");
        }
        while (history.GetArrayLength() < 2);

        history[1].GetProperty("EventType").GetString().ShouldBe("TaskScheduled");
        history[1].GetProperty("FunctionName").GetString().ShouldBe("Hold");
        (await CodeAsync(HttpMethod.Post, "instances/held/terminate")).ShouldBe(202);
    }

    [Fact]
    [Conforms("Suspended instances are answered with 202 like running ones", Source.DurableExtension)]
    public async Task Status_Suspended_Is202()
    {
        await StartWaitingAsync("suspended");
        (await CodeAsync(HttpMethod.Post, "instances/suspended/suspend")).ShouldBe(202);
        await UntilAsync("suspended", OrchestrationRuntimeStatus.Suspended);

        (await CodeAsync(HttpMethod.Get, "instances/suspended")).ShouldBe(202);
        (await JsonAsync("instances/suspended")).GetProperty("runtimeStatus").GetString().ShouldBe("Suspended");
    }

    [Fact]
    [Conforms("An instance that has not begun is Pending and answered with 202", Source.DurableExtension)]
    public async Task Status_Pending_Is202()
    {
        await Client.ScheduleNewOrchestrationInstanceAsync("Hello", new StartOrchestrationOptions("pending", DateTimeOffset.MaxValue.AddYears(-1000)));

        (await CodeAsync(HttpMethod.Get, "instances/pending")).ShouldBe(202);
        (await JsonAsync("instances/pending")).GetProperty("runtimeStatus").GetString().ShouldBe("Pending");
    }

    [Theory]
    [InlineData("Hello", "Completed")]
    [InlineData("Fail", "Failed")]
    [InlineData("WaitForWord", "Terminated")]
    [Conforms("What has ended is answered with 200, without Location and Retry-After", Source.DurableExtension)]
    public async Task Status_Ended_Is200WithoutHeaders(string function, string expected)
    {
        var id = $"ended-{function}";
        using var start = await PostAsync($"orchestrators/{function}/{id}", """{"name": "x"}""");
        if (expected is "Terminated")
        {
            (await CodeAsync(HttpMethod.Post, $"instances/{id}/terminate")).ShouldBe(202);
        }

        await EndAsync(id);
        using var response = await Host.SendAsync(HttpMethod.Get, $"{Base}/instances/{id}", TestHost.SystemKey);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.Location.ShouldBeNull();
        response.Headers.RetryAfter.ShouldBeNull();
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("runtimeStatus").GetString().ShouldBe(expected);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Running, 0)]
    [InlineData(OrchestrationRuntimeStatus.Completed, 1)]
    [InlineData(OrchestrationRuntimeStatus.ContinuedAsNew, 2)]
    [InlineData(OrchestrationRuntimeStatus.Failed, 3)]
    [InlineData(OrchestrationRuntimeStatus.Canceled, 4)]
    [InlineData(OrchestrationRuntimeStatus.Terminated, 5)]
    [InlineData(OrchestrationRuntimeStatus.Pending, 6)]
    [InlineData(OrchestrationRuntimeStatus.Suspended, 7)]
    [Conforms("The states have the extension's numbers", Source.DurableExtension)]
    public void RuntimeStatus_Numbers_AreTheExtensions(OrchestrationRuntimeStatus status, int expected) => ((int)status).ShouldBe(expected);
}
