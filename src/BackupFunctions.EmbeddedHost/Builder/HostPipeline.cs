using BackupFunctions.EmbeddedHost.Http;
using BackupFunctions.EmbeddedHost.Http.Management;
using BackupFunctions.EmbeddedHost.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.EmbeddedHost.Builder;

/// <summary>From request to function.</summary>
internal static class HostPipeline
{
    public static void Configure(WebApplication app)
    {
        var headers = app.Services.GetRequiredService<HostJson>().CustomHeaders;
        if (headers.Count > 0)
        {
            app.Use((context, next) => WithHeaders(context, next, headers));
        }

        app.UseRouting();
        var settings = app.Services.GetRequiredService<HostSettings>();
        if (settings.CorsOrigins.Count > 0)
        {
            app.UseCors(policy => Allow(policy, settings));
        }

        app.Use(WrongVerbIsNotFound);
        app.Services.GetRequiredService<DurableManagementApi>().Map(app);
        app.Services.GetRequiredService<KeyEndpoints>().Map(app);
        app.Services.GetRequiredService<AdminEndpoints>().Map(app);
        app.Services.GetRequiredService<HostEndpoints>().Map(app);
        app.Services.GetRequiredService<HostControlEndpoints>().Map(app);
        app.Services.GetRequiredService<FunctionEndpoints>().Map(app);
    }

    private static void Allow(CorsPolicyBuilder policy, HostSettings settings)
    {
        policy.AllowAnyHeader().AllowAnyMethod();
        if (settings.CorsOrigins.Contains("*", StringComparer.Ordinal))
        {
            policy.AllowAnyOrigin();
            return;
        }

        policy.WithOrigins([.. settings.CorsOrigins]);
        if (settings.CorsCredentials)
        {
            policy.AllowCredentials();
        }
    }

    /// <summary>At the last moment, because an answer of an error starts over.</summary>
    private static Task WithHeaders(HttpContext context, RequestDelegate next, IReadOnlyDictionary<string, string> headers)
    {
        context.Response.OnStarting(() =>
        {
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }

            return Task.CompletedTask;
        });
        return next(context);
    }

    /// <summary>The Functions host knows no 405; only routing itself makes endpoints that are not mapped, and those are its 405.</summary>
    private static Task WrongVerbIsNotFound(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is null or RouteEndpoint)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
