using Microsoft.Extensions.Configuration;

namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>
/// The layers of configuration, weakest first: log levels of host.json, local.settings.json, environment variables, command line.
/// </summary>
internal static class HostConfiguration
{
    /// <summary>Names the folder with host.json and local.settings.json, as in the Functions host.</summary>
    public const string ScriptRoot = "AzureWebJobsScriptRoot";

    /// <summary>Names a settings file that lies elsewhere; read instead of local.settings.json.</summary>
    public const string SettingsFile = "BACKUPFUNCTIONS_SETTINGS";

    public static string ContentRoot() => Environment.GetEnvironmentVariable(ScriptRoot) is { Length: > 0 } root ? root : AppContext.BaseDirectory;

    /// <returns>What has no effect, one sentence each.</returns>
    public static IReadOnlyList<string> Load(ConfigurationManager configuration, HostJson hostJson, string contentRoot, string? settingsFile, string[] arguments)
    {
        List<string> warnings = [.. hostJson.Warnings()];
        configuration.AddInMemoryCollection(hostJson.LogLevels);
        var local = settingsFile ?? Path.Combine(contentRoot, "local.settings.json");
        if (settingsFile is not null || File.Exists(local))
        {
            var read = LocalSettings.Read(local);
            configuration.AddInMemoryCollection(read.Values);
            warnings.AddRange(read.Warnings);
        }

        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine(arguments);
        return warnings;
    }
}
