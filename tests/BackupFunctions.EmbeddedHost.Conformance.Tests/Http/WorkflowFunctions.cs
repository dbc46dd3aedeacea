using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

/// <summary>Workflows as an app writes them.</summary>
public sealed class WorkflowFunctions(TimeProvider time)
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

    [Function(nameof(Nightly))]
    public static void Nightly([TimerTrigger("0 0 2 * * *")] TimerInfo timer) => _ = timer;

    public sealed record Person(string Name);
}
