using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Http.Management;

/// <summary>
/// The HTTP management API of Durable Functions: routes, order of checks and codes after the durable extension's HttpApiHandler. The key is
/// checked before the route, so that nothing shows without one.
/// </summary>
internal sealed class DurableManagementApi(
    InstanceQueries queries,
    InstanceCommands commands,
    OrchestrationStarter starter,
    RequestKeys keys,
    DurableEngineOptions options,
    ILogger<DurableManagementApi> logger)
{
    private static readonly string[] Verbs = ["GET", "PUT", "POST", "DELETE", "OPTIONS"];

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods(ManagementLinks.BasePath + "/{*path}", Verbs, HandleAsync);

    private async Task<IResult> HandleAsync(HttpContext context, string? path)
    {
        if (keys.Refusal(context, AuthorizationLevel.System, keyName: KeyScopes.DurableTaskKey) is { } refusal)
        {
            return Results.StatusCode(refusal);
        }

        if (context.Request.Text("taskHub") is { Length: > 0 } hub && !string.Equals(hub, options.HubName, StringComparison.OrdinalIgnoreCase))
        {
            // Instances of the same id may exist in both: never act on the wrong one.
            return ManagementError.Result(StatusCodes.Status400BadRequest, $"The task hub '{hub}' is not this host's, which is '{options.HubName}'.");
        }

        try
        {
            return await DispatchAsync(context.Request, (path ?? string.Empty).Trim('/').Split('/'));
        }
        catch (ArgumentException cause)
        {
            return ManagementError.Result(StatusCodes.Status400BadRequest, cause.Message);
        }
        catch (BadHttpRequestException cause)
        {
            return ManagementError.Result(cause.StatusCode, cause.Message);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            logger.LogError(cause, "The management request {Method} {Path} failed", context.Request.Method, context.Request.Path);
            return ManagementError.Result(StatusCodes.Status500InternalServerError, "Something went wrong while processing your request; the host's log says what.");
        }
    }

    private Task<IResult> DispatchAsync(HttpRequest request, string[] segments)
    {
        var method = request.Method.ToUpperInvariant();
        string?[] path = [.. segments.Select((segment, index) => index is 0 or 2 ? segment.ToUpperInvariant() : segment)];
        return (method, path) switch
        {
            ("POST", ["ORCHESTRATORS", { Length: > 0 } function]) => starter.StartAsync(request, function, instanceId: null),
            ("POST", ["ORCHESTRATORS", { Length: > 0 } function, _]) => starter.StartAsync(request, function, segments[2]),
            ("GET", ["INSTANCES"]) => queries.ListAsync(request),
            ("DELETE", ["INSTANCES"]) => commands.PurgeManyAsync(request),
            ("GET", ["INSTANCES", { } id]) => queries.StatusAsync(request, id),
            ("DELETE", ["INSTANCES", { } id]) => commands.PurgeAsync(request, id),
            ("POST", ["INSTANCES", { } id, "TERMINATE"]) =>
                commands.ChangeAsync(request, id, (client, reason, token) => client.TerminateInstanceAsync(id, (object?)reason, token)),
            ("POST", ["INSTANCES", { } id, "SUSPEND"]) =>
                commands.ChangeAsync(request, id, (client, reason, token) => client.SuspendInstanceAsync(id, reason, token)),
            ("POST", ["INSTANCES", { } id, "RESUME"]) =>
                commands.ChangeAsync(request, id, (client, reason, token) => client.ResumeInstanceAsync(id, reason, token)),
            ("POST", ["INSTANCES", { } id, "REWIND"]) => commands.RewindAsync(request, id),
            ("POST", ["INSTANCES", { } id, "RESTART"]) => starter.RestartAsync(request, id),
            ("POST", ["INSTANCES", { } id, "RAISEEVENT", { Length: > 0 } name]) => commands.RaiseEventAsync(request, id, name),
            (_, ["ENTITIES", ..]) => Task.FromResult(Entities(method, path.Length)),
            (_, ["MAKEPRIMARY"]) => Task.FromResult(Results.Ok()),
            _ => Task.FromResult(Results.NotFound()),
        };
    }

    /// <summary>There are no entities here: none is found, and a signal is refused instead of being lost.</summary>
    private static IResult Entities(string method, int segments) =>
        (method, segments) switch
        {
            ("GET", <= 2) => Results.Ok(Array.Empty<object>()),
            ("POST" or "DELETE", 2 or 3) => ManagementError.Result(StatusCodes.Status501NotImplemented, "The embedded host runs no durable entities."),
            _ => Results.NotFound(),
        };
}
