using BackupFunctions.EmbeddedHost.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>The routes of the app's HTTP functions.</summary>
internal sealed class FunctionEndpoints(FunctionCatalog functions, FunctionInvoker invoker, RequestKeys keys, ILogger<FunctionEndpoints> logger)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var (function, trigger) in functions.With<HttpFunctionTrigger>())
        {
            RequestDelegate handle = context => HandleAsync(function, trigger, context);
            var route = endpoints.Map(trigger.Route, handle);
            if (trigger.Methods.Count > 0)
            {
                route.WithMetadata(new HttpMethodMetadata(trigger.Methods));
            }
        }
    }

    private async Task HandleAsync(FunctionEntry function, HttpFunctionTrigger trigger, HttpContext context)
    {
        if (keys.Refusal(context, trigger.Level, function.Name) is { } refusal)
        {
            context.Response.StatusCode = refusal;
            return;
        }

        try
        {
            await ExecuteAsync(await invoker.RunAsync(function, context), context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            logger.LogInformation("Function {Function}: the caller went away", function.Name);
        }
        catch (BadHttpRequestException cause) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = cause.StatusCode;
        }
        catch (Exception cause) when (!context.Response.HasStarted)
        {
            logger.LogError(cause, "Function {Function} failed", function.Name);
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private static Task ExecuteAsync(object? result, HttpContext context) =>
        result switch
        {
            IActionResult action => action.ExecuteResultAsync(new ActionContext(context, context.GetRouteData(), new ActionDescriptor())),
            IResult minimal => minimal.ExecuteAsync(context),
            _ => Task.CompletedTask,
        };
}
