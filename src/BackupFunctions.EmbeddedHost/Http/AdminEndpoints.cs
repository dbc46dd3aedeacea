using System.Text.Json;
using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.Functions;
using BackupFunctions.EmbeddedHost.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>admin/functions: what there is, and running it by hand.</summary>
internal sealed class AdminEndpoints(
    FunctionCatalog functions,
    TimerListeners timers,
    FunctionInvoker invoker,
    RequestKeys keys,
    HostAddress address,
    IHostApplicationLifetime lifetime,
    ILogger<AdminEndpoints> logger)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        var admin = endpoints.MapGroup("admin/functions").AddEndpointFilter(new MasterKeyFilter(keys));
        admin.MapMethods("", ["GET", "POST"], () => functions.All.Select(Describe));
        admin.MapGet("{name}", (string name) => functions.Find(name) is { } function ? Results.Ok(Describe(function)) : Results.NotFound());
        admin.MapGet(
            "{name}/status",
            (string name) => functions.Find(name) is { } function ? Results.Ok(new { isDisabled = functions.IsDisabled(function) }) : Results.NotFound());
        admin.MapPost("{name}", RunAsync);
    }

    private object Describe(FunctionEntry function) => new
    {
        name = function.Name,
        language = "dotnet-isolated",
        isDisabled = functions.IsDisabled(function),
        href = new Uri(address.Public, $"/admin/functions/{function.Name}"),
        invoke_url_template = function.Trigger is HttpFunctionTrigger http ? new Uri(address.Public, "/").ToString() + http.Route.RawText : null,
        config = new { entryPoint = function.EntryPoint, bindings = new[] { Binding(function.Trigger) } },
    };

    private static object Binding(FunctionTrigger trigger) =>
        trigger switch
        {
            TimerFunctionTrigger timer => new { type = timer.Type, direction = "In", schedule = timer.Schedule, runOnStartup = timer.RunOnStartup },
            HttpFunctionTrigger http => new { type = http.Type, direction = "In", authLevel = http.Level.ToString(), methods = http.Methods, route = http.Route.RawText },
            _ => new { type = trigger.Type, direction = "In" },
        };

    /// <summary>Starts a run and answers before its end.</summary>
    private async Task<IResult> RunAsync(string name, HttpRequest request)
    {
        var function = functions.Find(name);
        if (function is null || functions.IsDisabled(function))
        {
            return Results.NotFound();
        }

        string? input;
        try
        {
            input = await InputAsync(request);
        }
        catch (JsonException)
        {
            return Results.BadRequest(new { message = "The body must be JSON such as {\"input\": \"...\"}." });
        }

        switch (function.Trigger)
        {
            case TimerFunctionTrigger:
                Start(function, cancellationToken => timers.Find(name)!.RunNowAsync(cancellationToken));
                return Results.Accepted();
            case ActivityFunctionTrigger:
                Start(function, cancellationToken => invoker.RunAsync(function, new ActivityCall(function.Name, string.Empty, input), cancellationToken));
                return Results.Accepted();
            case HttpFunctionTrigger:
                return Results.BadRequest(new { message = $"{function.Name} is an HTTP function: call its route." });
            default:
                return Results.BadRequest(new { message = $"{function.Name} is an orchestrator: POST to {ManagementLinks.BasePath}/orchestrators/{function.Name}." });
        }
    }

    private static async Task<string?> InputAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        if (body.Trim().Length == 0)
        {
            return null;
        }

        using var json = JsonDocument.Parse(body);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("input", out var input)
            ? AsJson(input)
            : null;
    }

    /// <summary>The Functions host takes the input as text that holds JSON; text that is none stands for itself.</summary>
    private static string AsJson(JsonElement input)
    {
        if (input.ValueKind != JsonValueKind.String)
        {
            return input.GetRawText();
        }

        try
        {
            using var parsed = JsonDocument.Parse(input.GetString()!);
            return parsed.RootElement.GetRawText();
        }
        catch (JsonException)
        {
            return input.GetRawText();
        }
    }

    private void Start(FunctionEntry function, Func<CancellationToken, Task> run) =>
        _ = Task.Run(async () =>
        {
            try
            {
                await run(lifetime.ApplicationStopping);
            }
            catch (Exception cause)
            {
                logger.LogError(cause, "Function {Function}, run by hand, failed", function.Name);
            }
        });
}
