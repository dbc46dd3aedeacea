using System.Text.Json;
using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.Functions;
using BackupFunctions.EmbeddedHost.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>
/// What the Functions host lets its platform do with it. One process on one machine is controlled by its service manager, so most of it is
/// refused with a sentence that says so.
/// </summary>
internal sealed class HostControlEndpoints(RequestKeys keys, HostJson hostJson, DurableEngineOptions options, FunctionInvoker invoker)
{
    private const string Drain = "This host drains when it is stopped: send SIGTERM, for example by systemctl stop.";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var host = endpoints.MapGroup("admin/host").AddEndpointFilter(new MasterKeyFilter(keys));
        host.MapGet("config", Config);
        host.MapPut("state", SetStateAsync);
        host.MapGet("drain/status", DrainStatus);
        host.MapPost("drain", () => NotOffered(Drain));
        host.MapPost("resume", () => Results.Ok(new { state = "Running" }));
        host.MapPost("restart", () => NotOffered("This host cannot start itself anew: use the service manager, for example systemctl restart."));
        host.MapPost("synctriggers", () => Results.Ok(new { status = "success" }));
        host.MapPost("scale/status", () => NotOffered("This host runs on one machine and is not scaled by a platform."));
        host.MapPost("debug", () => NotOffered("This host starts no debugger: attach one to its process."));
    }

    private static IResult NotOffered(string sentence) => Results.Json(new { message = sentence }, statusCode: StatusCodes.Status501NotImplemented);

    /// <summary>What of host.json is in force, in its own shape.</summary>
    private IResult Config() => Results.Ok(new
    {
        version = "2.0",
        extensions = new
        {
            http = new { routePrefix = hostJson.RoutePrefix },
            durableTask = new
            {
                hubName = options.HubName,
                defaultVersion = options.DefaultVersion,
                maxConcurrentActivityFunctions = options.MaxConcurrentActivities,
                maxConcurrentOrchestratorFunctions = options.MaxConcurrentOrchestrators,
                storeInputsInOrchestrationHistory = options.StoreInputsInHistory,
                maxOrchestrationActions = options.MaxOrchestrationActions,
                versionMatchStrategy = options.VersionMatchStrategy.ToString(),
                versionFailureStrategy = options.VersionFailureStrategy.ToString(),
                overridableExistingInstanceStates = hostJson.OverridesRunningInstances ? "AnyState" : "NonRunningStates",
            },
        },
    });

    /// <summary>This host never is in drain mode while it answers.</summary>
    private IResult DrainStatus() => Results.Ok(new
    {
        state = "Disabled",
        outstandingInvocations = invoker.Running,
        outstandingRetries = invoker.WaitingRetries,
    });

    /// <summary>A JSON text, "running" or "offline"; others are 400, as in the Functions host.</summary>
    private static async Task<IResult> SetStateAsync(HttpRequest request)
    {
        try
        {
            var state = await JsonSerializer.DeserializeAsync<string>(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return state?.ToUpperInvariant() switch
            {
                "RUNNING" => Results.Ok(),
                "OFFLINE" => NotOffered("This host is taken offline by its service manager, for example by systemctl stop."),
                _ => Results.BadRequest(new { message = "The body must be \"running\" or \"offline\"." }),
            };
        }
        catch (JsonException)
        {
            return Results.BadRequest(new { message = "The body must be \"running\" or \"offline\"." });
        }
    }
}
