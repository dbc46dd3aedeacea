using System.Diagnostics.CodeAnalysis;
using BackupFunctions.EmbeddedHost.PrivateCluster;
using BackupFunctions.EmbeddedHost.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Builder;

/// <summary>Builds a function app that hosts itself.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder
{
    private readonly WebApplicationBuilder _web;
    private readonly HostEnvironment _environment;
    private readonly HostJson _hostJson;
    private readonly IReadOnlyList<string> _warnings;

    internal FunctionsApplicationBuilder(string[] args, HostEnvironment environment)
    {
        _environment = environment;
        _hostJson = HostJson.Read(Path.Combine(environment.ContentRoot, "host.json"));
        _web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ContentRootPath = environment.ContentRoot,
            EnvironmentName = environment.Name,
        });
        _warnings = HostConfiguration.Load(_web.Configuration, _hostJson, environment.ContentRoot, environment.SettingsFile, args);
        if (PrivateCatalog.ConnectionString(_web.Configuration) is { } catalog)
        {
            ((IConfigurationBuilder)_web.Configuration).Sources.Insert(
                0, new MemoryConfigurationSource { InitialData = [KeyValuePair.Create(PrivateCatalog.Setting, (string?)catalog)] });
        }

        HostLogging.Add(_web.Logging, _web.Configuration);
    }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_web).Properties;

    public ConfigurationManager Configuration => _web.Configuration;

    IConfigurationManager IHostApplicationBuilder.Configuration => _web.Configuration;

    public IHostEnvironment Environment => _web.Environment;

    public ILoggingBuilder Logging => _web.Logging;

    public IMetricsBuilder Metrics => _web.Metrics;

    public IServiceCollection Services => _web.Services;

    internal bool HasWebApplication { get; set; }

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull =>
        ((IHostApplicationBuilder)_web).ConfigureContainer(factory, configure);

    /// <summary>Checks settings and functions, and puts the host together.</summary>
    /// <exception cref="Contracts.PgdrException">A setting or a function is not right; the message names it.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The caller gets it.")]
    public IHost Build()
    {
        HostServices.Add(_web, _hostJson, _environment, HasWebApplication);
        _web.Services.AddSingleton(new StartupWarnings(_warnings));
        var app = _web.Build();
        HostPipeline.Configure(app);
        return app;
    }
}
