using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

/// <summary>Workflows as an app writes them.</summary>
public sealed class WorkflowFunctions(TimeProvider time, IHostApplicationLifetime lifetime)
{
    [Function("StartHello")]
    public static async Task<IActionResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "hello/{name}")] HttpRequest request, string name, [DurableClient] DurableTaskClient client)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync(nameof(Hello), new Person(name), request.HttpContext.RequestAborted);
        var payload = client.CreateHttpManagementPayload(id);
        return new AcceptedResult(payload.StatusQueryGetUri, payload);
    }

    [Function(nameof(Hello))]
    public static async Task<string> Hello([OrchestrationTrigger] TaskOrchestrationContext context, Person person)
    {
        context.SetCustomStatus(new { Step = 1 });
        return await context.CallActivityAsync<string>(nameof(Greet), person);
    }

    [Function(nameof(Greet))]
    public string Greet([ActivityTrigger] Person person, FunctionContext context, string instanceId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return time.GetUtcNow() > DateTimeOffset.UnixEpoch && instanceId.Length > 0 && context.InvocationId.Length > 0 ? $"Hello {person.Name}" : "?";
    }

    [Function(nameof(WaitForWord))]
    public static async Task<string> WaitForWord([OrchestrationTrigger] TaskOrchestrationContext context) => await context.WaitForExternalEvent<string>("word");

    [Function(nameof(Fail))]
    public static async Task Fail([OrchestrationTrigger] TaskOrchestrationContext context) => await context.CallActivityAsync(nameof(Throw), "cause");

    [Function(nameof(Throw))]
    public static Task Throw([ActivityTrigger] string text) => throw new InvalidOperationException(text);

    /// <summary>One of everything that a history can hold, then it waits.</summary>
    [Function(nameof(Everything))]
    public static async Task<string> Everything([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync<string>(nameof(Greet), new Person("Ada"));
        await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        await context.CallSubOrchestratorAsync<string>(nameof(Hello), new Person("Bob"), new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-child"));
        try
        {
            await context.CallActivityAsync(nameof(Throw), "cause");
        }
        catch (TaskFailedException)
        {
            context.SetCustomStatus("caught");
        }

        return await context.WaitForExternalEvent<string>("word");
    }

    [Function(nameof(CallHold))]
    public static async Task CallHold([OrchestrationTrigger] TaskOrchestrationContext context) => await context.CallActivityAsync(nameof(Hold), "held");

    /// <summary>Lasts until the host ends.</summary>
    [Function(nameof(Hold))]
    public async Task Hold([ActivityTrigger] string text, FunctionContext context, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, either.Token);
    }

    [Function(nameof(Nightly))]
    public static void Nightly([TimerTrigger("0 0 2 * * *")] TimerInfo timer) => _ = timer;

    public sealed record Person(string Name);
}
