using System.Reflection;
using BackupFunctions.EmbeddedHost.Settings;

namespace BackupFunctions.EmbeddedHost.Builder;

/// <summary>What the host takes from its process; tests put something else in its place.</summary>
internal sealed record HostEnvironment
{
    /// <summary>Holds host.json and local.settings.json.</summary>
    public string ContentRoot { get; init; } = HostConfiguration.ContentRoot();

    /// <summary>A settings file elsewhere.</summary>
    public string? SettingsFile { get; init; } = Environment.GetEnvironmentVariable(HostConfiguration.SettingsFile);

    /// <summary>Where functions are looked for.</summary>
    public IReadOnlyCollection<Type> FunctionTypes { get; init; } = Assembly.GetEntryAssembly()?.GetTypes() ?? [];

    public string Name { get; init; } =
        Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Production";
}
