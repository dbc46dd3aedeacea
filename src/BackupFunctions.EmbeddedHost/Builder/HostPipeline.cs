using BackupFunctions.EmbeddedHost.Http;
using BackupFunctions.EmbeddedHost.Http.Management;
using BackupFunctions.EmbeddedHost.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.EmbeddedHost.Builder;

/// <summary>From request to function.</summary>
internal static class HostPipeline
{
    public static void Configure(WebApplication app)
    {
        app.UseRouting();
        var origins = app.Services.GetRequiredService<HostSettings>().CorsOrigins;
        if (origins.Count > 0)
        {
            app.UseCors(policy => _ = origins.Contains("*", StringComparer.Ordinal)
                ? policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod()
                : policy.WithOrigins([.. origins]).AllowAnyHeader().AllowAnyMethod());
        }

        app.Use(WrongVerbIsNotFound);
        app.Services.GetRequiredService<DurableManagementApi>().Map(app);
        app.Services.GetRequiredService<KeyEndpoints>().Map(app);
        app.Services.GetRequiredService<AdminEndpoints>().Map(app);
        app.Services.GetRequiredService<HostEndpoints>().Map(app);
        app.Services.GetRequiredService<FunctionEndpoints>().Map(app);
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
