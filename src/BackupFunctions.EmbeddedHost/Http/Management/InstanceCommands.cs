using System.Text.Json;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace BackupFunctions.EmbeddedHost.Http.Management;

/// <summary>What changes an instance.</summary>
internal sealed class InstanceCommands(DurableTaskClient client, TimeProvider time)
{
    /// <summary>Terminate, suspend and resume: 404 unknown, 410 when it is over, else 202.</summary>
    public async Task<IResult> ChangeAsync(HttpRequest request, string id, Func<DurableTaskClient, string?, CancellationToken, Task> change)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        return await RefusalAsync(id, InstanceState.IsOver, cancellationToken) is { } refusal
            ? refusal
            : await DoneAsync(change(client, request.Text("reason"), cancellationToken));
    }

    /// <summary>A running instance passes the first check and is refused by the engine: 412.</summary>
    public async Task<IResult> RewindAsync(HttpRequest request, string id)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (await RefusalAsync(id, status => InstanceState.IsOver(status) && status != OrchestrationRuntimeStatus.Failed, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        try
        {
            return await DoneAsync(client.RewindInstanceAsync(id, request.Text("reason") ?? string.Empty, cancellationToken));
        }
        catch (InvalidOperationException cause)
        {
            return ManagementError.Result(StatusCodes.Status412PreconditionFailed, cause.Message);
        }
    }

    public async Task<IResult> RaiseEventAsync(HttpRequest request, string id, string name)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (await RefusalAsync(id, InstanceState.IsOver, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return ManagementError.Result(StatusCodes.Status400BadRequest, "Only application/json request content is supported");
        }

        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancellationToken);
            return await DoneAsync(client.RaiseEventAsync(id, name, body.RootElement.Clone(), cancellationToken));
        }
        catch (JsonException)
        {
            return ManagementError.Result(StatusCodes.Status400BadRequest, "Invalid JSON content");
        }
    }

    /// <summary>404 unknown, 412 while it runs: only what is over can be purged.</summary>
    public async Task<IResult> PurgeAsync(HttpRequest request, string id)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        var instance = await client.GetInstanceAsync(id, cancellationToken);
        if (instance is null)
        {
            return Results.NotFound();
        }

        if (!InstanceState.IsOver(instance.RuntimeStatus))
        {
            return ManagementError.Result(
                StatusCodes.Status412PreconditionFailed, $"Only instances in a final state can be purged; {id} is {instance.RuntimeStatus}.");
        }

        var purged = await client.PurgeInstanceAsync(id, cancellationToken);
        return Results.Ok(new { instancesDeleted = purged.PurgedInstanceCount });
    }

    public async Task<IResult> PurgeManyAsync(HttpRequest request)
    {
        if (request.Time("createdTimeFrom") is not { } from)
        {
            return Results.Json("Please provide value for 'createdTimeFrom' parameter.", statusCode: StatusCodes.Status400BadRequest);
        }

        var filter = new PurgeInstancesFilter(from, request.Time("createdTimeTo") ?? time.GetUtcNow(), request.Statuses());
        var purged = await client.PurgeAllInstancesAsync(filter, request.HttpContext.RequestAborted);
        return purged.PurgedInstanceCount == 0 ? Results.NotFound() : Results.Ok(new { instancesDeleted = purged.PurgedInstanceCount });
    }

    private static async Task<IResult> DoneAsync(Task change)
    {
        await change;
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private async Task<IResult?> RefusalAsync(string id, Func<OrchestrationRuntimeStatus, bool> isGone, CancellationToken cancellationToken)
    {
        var instance = await client.GetInstanceAsync(id, cancellationToken);
        return instance is null ? Results.NotFound()
            : isGone(instance.RuntimeStatus) ? Results.StatusCode(StatusCodes.Status410Gone)
            : null;
    }
}
