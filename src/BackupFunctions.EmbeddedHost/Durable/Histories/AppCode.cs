using System.Reflection;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Builder;
using BackupFunctions.EmbeddedHost.Durable.Replay;
using BackupFunctions.EmbeddedHost.Functions;
using BackupFunctions.EmbeddedHost.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Durable.Histories;

/// <summary>
/// The app's orchestrators, loaded from its assembly without starting the app. Orchestrators that need services of the app cannot be
/// replayed this way; those of this app are static.
/// </summary>
internal sealed class AppCode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="assembly">The app.</param>
    /// <param name="hostJson">The host's settings of the engine.</param>
    /// <param name="configuration">Says which functions are disabled.</param>
    /// <param name="json">How the app reads and writes payloads.</param>
    /// <param name="loggers">For warnings of the replay.</param>
    /// <exception cref="PgdrException">The assembly cannot be loaded, or has functions that are none.</exception>
    public AppCode(string assembly, HostJson hostJson, IConfiguration configuration, Action<JsonSerializerOptions> json, ILoggerFactory loggers)
    {
        var catalog = new FunctionDiscovery(new FunctionRules(hostJson.RoutePrefix, hasWeb: true), configuration).Discover(Types(assembly));
        _services = new ServiceCollection()
            .AddSingleton(loggers)
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddSingleton(TimeProvider.System)
            .AddSingleton<FunctionInvoker>()
            .BuildServiceProvider();
        var payloads = new JsonSerializerOptions(FunctionJson.Default);
        json(payloads);
        var options = HostServices.EngineOptions(hostJson);
        Check = new HistoryCheck(
            DurableFunctions.Register(catalog, _services.GetRequiredService<FunctionInvoker>()),
            ReplaySettings.Of(options, new JsonDataConverter(payloads), loggers));
    }

    public HistoryCheck Check { get; }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static Type[] Types(string assembly)
    {
        try
        {
            return Assembly.LoadFrom(assembly).GetTypes();
        }
        catch (Exception cause) when (cause is IOException or BadImageFormatException or ReflectionTypeLoadException)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"The app cannot be loaded from {assembly}: run the pgdr that lies beside the host's program.", cause);
        }
    }
}
