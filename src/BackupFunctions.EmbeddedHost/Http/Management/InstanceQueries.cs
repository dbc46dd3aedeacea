using BackupFunctions.EmbeddedHost.Durable.Management;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace BackupFunctions.EmbeddedHost.Http.Management;

/// <summary>Status and list of instances.</summary>
internal sealed class InstanceQueries(DurableTaskClient client, IInstanceHistory history)
{
    private const string ContinuationHeader = "x-ms-continuation-token";

    public async Task<IResult> StatusAsync(HttpRequest request, string id)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        var instance = await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken);
        if (instance is null)
        {
            return Results.NotFound();
        }

        var showInput = request.Flag("showInput", absent: true);
        var events = request.Flag("showHistory", absent: false)
            ? HistoryShape.Of(await history.GetAsync(id, cancellationToken) ?? [], request.Flag("showHistoryOutput", absent: false), showInput)
            : null;
        var isOver = InstanceState.IsOver(instance.RuntimeStatus);
        if (!isOver)
        {
            request.HttpContext.Response.Headers.Location = request.GetEncodedUrl();
            request.HttpContext.Response.Headers.RetryAfter = "5";
        }

        var failed = instance.RuntimeStatus == OrchestrationRuntimeStatus.Failed && request.Flag("returnInternalServerErrorOnFailure", absent: false);
        return Results.Json(
            StatusPayload.From(instance, showInput, events),
            statusCode: !isOver ? StatusCodes.Status202Accepted : failed ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
    }

    public async Task<IResult> ListAsync(HttpRequest request)
    {
        var showInput = request.Flag("showInput", absent: true);
        var query = new OrchestrationQuery(
            CreatedFrom: request.Time("createdTimeFrom"),
            CreatedTo: request.Time("createdTimeTo"),
            Statuses: request.Statuses(),
            InstanceIdPrefix: request.Text("instanceIdPrefix"),
            PageSize: request.Number("top") is > 0 and var top ? top : OrchestrationQuery.DefaultPageSize,
            FetchInputsAndOutputs: true,
            ContinuationToken: request.Headers[ContinuationHeader].ToString() is { Length: > 0 } token ? token : null);
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages(query.ContinuationToken, query.PageSize)
            .WithCancellation(request.HttpContext.RequestAborted))
        {
            request.HttpContext.Response.Headers[ContinuationHeader] = page.ContinuationToken ?? string.Empty;
            return Results.Json(page.Values.Select(instance => StatusPayload.From(instance, showInput)).ToArray());
        }

        return Results.Json(Array.Empty<StatusPayload>());
    }
}
