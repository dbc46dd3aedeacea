using System.Text.Json.Nodes;
using BackupFunctions.Contracts;

namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>local.settings.json as the Functions tools read it, turned into configuration keys.</summary>
internal static class LocalSettings
{
    /// <summary>Where <c>Host.LocalHttpPort</c> and <c>Host.CORS</c> end up.</summary>
    public const string HostPrefix = "LocalHost:";

    /// <exception cref="PgdrException">The file is not what the tools write.</exception>
    public static Dictionary<string, string?> Read(string path)
    {
        var root = JsonFile.Read(path);
        if (root["IsEncrypted"] is JsonValue encrypted && encrypted.TryGetValue<bool>(out var isEncrypted) && isEncrypted)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"{path} is encrypted: decrypt it with `func settings decrypt`.");
        }

        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Add(settings, root["Values"], string.Empty);
        Add(settings, root["Host"], HostPrefix);
        if (root["ConnectionStrings"] is JsonObject connections)
        {
            foreach (var (name, value) in connections)
            {
                settings[$"ConnectionStrings:{name}"] = (value is JsonObject described ? described["ConnectionString"] : value)?.ToString();
            }
        }

        return settings;
    }

    private static void Add(Dictionary<string, string?> settings, JsonNode? section, string prefix)
    {
        foreach (var (name, value) in section as JsonObject ?? [])
        {
            settings[prefix + name.Replace("__", ":", StringComparison.Ordinal)] = value?.ToString();
        }
    }
}
