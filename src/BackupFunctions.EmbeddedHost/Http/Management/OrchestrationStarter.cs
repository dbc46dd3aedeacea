using System.Text.Json;
using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.DurableTask.Core.Exceptions;
using BackupFunctions.EmbeddedHost.Settings;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.EmbeddedHost.Http.Management;

/// <summary>Starts and restarts instances, and waits for them when the caller asks for it.</summary>
internal sealed class OrchestrationStarter(
    DurableTaskClient client,
    DurableFunctionRegistry functions,
    InstanceQueries queries,
    ManagementLinks links,
    StartPolicy policy,
    HostJson hostJson,
    TimeProvider time)
{
    public async Task<IResult> StartAsync(HttpRequest request, string function, string? instanceId)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (!functions.TryGetOrchestrator(function, out _))
        {
            return ManagementError.Result(
                StatusCodes.Status400BadRequest,
                $"The function '{function}' doesn't exist, is disabled, or is not an orchestrator function. Known: {string.Join(", ", functions.Orchestrators)}.");
        }

        try
        {
            var options = new StartOrchestrationOptions(string.IsNullOrEmpty(instanceId) ? null : instanceId)
            {
                Version = request.Text("version") is { } version ? new TaskVersion(version) : null,
            };
            var id = await client.ScheduleNewOrchestrationInstanceAsync(function, await InputAsync(request), policy.Apply(options), cancellationToken);
            return await AnswerAsync(request, id);
        }
        catch (JsonException)
        {
            return ManagementError.Result(StatusCodes.Status400BadRequest, "Invalid JSON content");
        }
        catch (OrchestrationAlreadyExistsException cause)
        {
            return ManagementError.Result(StatusCodes.Status409Conflict, cause.Message);
        }
    }

    public async Task<IResult> RestartAsync(HttpRequest request, string id)
    {
        try
        {
            var newId = request.Flag("restartWithNewInstanceId", absent: true);
            return await AnswerAsync(request, await client.RestartAsync(id, newId, request.HttpContext.RequestAborted));
        }
        catch (ArgumentException)
        {
            return ManagementError.Result(StatusCodes.Status400BadRequest, "InstanceId does not match a valid orchestration instance.");
        }
        catch (Exception cause) when (cause is InvalidOperationException or OrchestrationAlreadyExistsException)
        {
            return ManagementError.Result(StatusCodes.Status409Conflict, "A non-terminal instance with this instance ID already exists.");
        }
    }

    private static async Task<object?> InputAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        if (body.Length == 0)
        {
            return null;
        }

        using var json = JsonDocument.Parse(body);
        return json.RootElement.ValueKind == JsonValueKind.Null ? null : json.RootElement.Clone();
    }

    /// <summary>
    /// With timeout and pollingInterval the answer waits for the end and is then the bare output; otherwise, and when time runs out, it is
    /// the links. The engine tells of the end by itself, so the interval is checked and not used.
    /// </summary>
    private async Task<IResult> AnswerAsync(HttpRequest request, string id)
    {
        if (request.Seconds("timeout") is not { } timeout || request.Seconds("pollingInterval") is not { } interval)
        {
            return CheckStatus(request, id);
        }

        if (interval > timeout)
        {
            throw new ArgumentException($"Total timeout {timeout.TotalSeconds} should be bigger than retry timeout {interval.TotalSeconds}");
        }

        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, request.HttpContext.RequestAborted);
        try
        {
            var instance = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, either.Token);
            return instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed
                ? Results.Json(StatusPayload.OutputOf(instance))
                : await queries.StatusAsync(request, id);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return CheckStatus(request, id);
        }
    }

    private IResult CheckStatus(HttpRequest request, string id)
    {
        var payload = links.Create(id, request.Authority(hostJson.UseForwardedHost));
        request.HttpContext.Response.Headers.Location = payload.StatusQueryGetUri;
        request.HttpContext.Response.Headers.RetryAfter = "10";
        return Results.Json(
            new
            {
                id,
                statusQueryGetUri = payload.StatusQueryGetUri,
                sendEventPostUri = payload.SendEventPostUri,
                terminatePostUri = payload.TerminatePostUri,
                purgeHistoryDeleteUri = payload.PurgeHistoryDeleteUri,
                restartPostUri = payload.RestartPostUri,
                suspendPostUri = payload.SuspendPostUri,
                resumePostUri = payload.ResumePostUri,
            },
            statusCode: StatusCodes.Status202Accepted);
    }
}
