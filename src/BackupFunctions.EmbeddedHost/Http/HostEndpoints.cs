using System.Diagnostics;
using System.Reflection;
using BackupFunctions.EmbeddedHost.Durable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>admin/host/status and ping.</summary>
internal sealed class HostEndpoints(RequestKeys keys, DurableEngineOptions options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly string Version =
        typeof(HostEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private readonly long _started = time.GetTimestamp();

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("admin/host/ping", ["GET", "POST"], () => Results.Ok());
        endpoints.MapGet("admin/host/status", Status).AddEndpointFilter(new MasterKeyFilter(keys));
    }

    private IResult Status() => Results.Ok(new
    {
        id = options.HubName,
        state = lifetime.ApplicationStopping.IsCancellationRequested ? "Stopping" : "Running",
        version = Version,
        versionDetails = $"embedded host {Version}, .NET {Environment.Version}",
        platformVersion = string.Empty,
        processUptime = (long)time.GetElapsedTime(_started).TotalMilliseconds,
        processId = Environment.ProcessId,
        memory = Process.GetCurrentProcess().WorkingSet64,
    });
}
