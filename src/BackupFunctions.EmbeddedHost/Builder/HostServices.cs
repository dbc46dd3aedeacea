using System.Text.Json;
using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.Functions;
using BackupFunctions.EmbeddedHost.Http;
using BackupFunctions.EmbeddedHost.Http.Management;
using BackupFunctions.EmbeddedHost.Keys;
using BackupFunctions.EmbeddedHost.PrivateCluster;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BackupFunctions.EmbeddedHost.Builder;

/// <summary>The parts of the host, in the order in which they start.</summary>
internal static class HostServices
{
    public static void Add(WebApplicationBuilder web, HostJson hostJson, HostEnvironment environment, bool hasWebApplication)
    {
        hostJson.EnsureValid();
        var services = web.Services;
        var settings = HostSettings.From(web.Configuration);
        var rules = new FunctionRules(hostJson.RoutePrefix, hasWebApplication);
        var catalog = new FunctionDiscovery(rules, web.Configuration).Discover(environment.FunctionTypes);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(hostJson);
        services.AddSingleton(settings);
        services.AddSingleton(catalog);
        services.AddSingleton<FunctionInvoker>();
        AddState(services, settings);
        services.AddHostedService<HostStartup>();
        AddDurable(services, hostJson);
        AddHttp(web, settings);
        TimerServices.Add(services, catalog, web.Configuration);
    }

    private static void AddState(IServiceCollection services, HostSettings settings)
    {
        if (settings.StateConnection is { } connection)
        {
            services.AddSingleton<IStateDatabase>(_ => new ConnectionStringStateDatabase(connection));
            return;
        }

        services.AddHostedService<ClusterWatch>();
        services.AddSingleton<PrivateClusterDatabase>();
        services.AddSingleton<IStateDatabase>(provider => provider.GetRequiredService<PrivateClusterDatabase>());
    }

    /// <summary>What host.json says about the engine.</summary>
    public static DurableEngineOptions EngineOptions(HostJson hostJson)
    {
        var options = new DurableEngineOptions { DefaultVersion = hostJson.DefaultVersion };
        options.HubName = hostJson.HubName ?? options.HubName;
        options.MaxConcurrentActivities = hostJson.MaxConcurrentActivityFunctions ?? options.MaxConcurrentActivities;
        options.MaxConcurrentOrchestrators = hostJson.MaxConcurrentOrchestratorFunctions ?? options.MaxConcurrentOrchestrators;
        options.StoreInputsInHistory = hostJson.StoreInputsInOrchestrationHistory ?? options.StoreInputsInHistory;
        options.MaxOrchestrationActions = hostJson.MaxOrchestrationActions ?? options.MaxOrchestrationActions;
        options.VersionMatchStrategy = hostJson.VersionMatchStrategy ?? options.VersionMatchStrategy;
        options.VersionFailureStrategy = hostJson.VersionFailureStrategy ?? options.VersionFailureStrategy;
        return options;
    }

    private static void AddDurable(IServiceCollection services, HostJson hostJson)
    {
        var options = EngineOptions(hostJson);
        services.AddSingleton(options);
        services.AddSingleton(Options.Create(options));
        services.AddSingleton(provider => DurableFunctions.Register(
            provider.GetRequiredService<FunctionCatalog>(), provider.GetRequiredService<FunctionInvoker>()));
        services.AddSingleton<DataConverter>(provider => new JsonDataConverter(
            FunctionJson.Create(provider.GetServices<IConfigureOptions<JsonSerializerOptions>>())));
        services.AddDurableEngine();
    }

    private static void AddHttp(WebApplicationBuilder web, HostSettings settings)
    {
        web.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        web.WebHost.UseUrls(settings.Url.GetLeftPart(UriPartial.Authority));
        var services = web.Services;
        services.AddRouting();
        services.AddMvcCore();
        services.AddCors();
        services.AddSingleton(provider => new KeyStore(
            settings.DataFolder,
            HostKeySettings.From(provider.GetRequiredService<IConfiguration>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Microsoft.Extensions.Logging.ILogger<KeyStore>>()));
        services.AddSingleton<HostAddress>();
        services.AddSingleton<ManagementLinks>();
        services.AddSingleton<RequestKeys>();
        services.AddSingleton<StartPolicy>();
        services.AddSingleton<FunctionEndpoints>();
        services.AddSingleton<AdminEndpoints>();
        services.AddSingleton<HostEndpoints>();
        services.AddSingleton<HostControlEndpoints>();
        services.AddSingleton<KeyEndpoints>();
        services.AddSingleton<InstanceQueries>();
        services.AddSingleton<InstanceCommands>();
        services.AddSingleton<OrchestrationStarter>();
        services.AddSingleton<DurableManagementApi>();
    }
}
