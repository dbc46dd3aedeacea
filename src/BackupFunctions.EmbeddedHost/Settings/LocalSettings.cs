using System.Text.Json.Nodes;
using BackupFunctions.Contracts;

namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>local.settings.json as the Functions tools read it.</summary>
/// <param name="Values">Turned into configuration keys.</param>
/// <param name="Warnings">One sentence for every key that has no effect; values are never shown.</param>
internal sealed record LocalSettings(IReadOnlyDictionary<string, string?> Values, IReadOnlyList<string> Warnings)
{
    /// <summary>Where <c>Host.LocalHttpPort</c> and <c>Host.CORS</c> end up.</summary>
    public const string HostPrefix = "LocalHost:";

    private static readonly KnownKey Known = KnownKey.Section(
        StringComparer.Ordinal,
        ("IsEncrypted", KnownKey.Applied),
        ("Values", KnownKey.Applied),
        ("ConnectionStrings", KnownKey.Applied),
        ("Host", KnownKey.Section(
            StringComparer.OrdinalIgnoreCase,
            ("LocalHttpPort", KnownKey.Applied), ("CORS", KnownKey.Applied), ("CORSCredentials", KnownKey.Applied))));

    /// <exception cref="PgdrException">The file is not what the tools write.</exception>
    public static LocalSettings Read(string path)
    {
        var root = JsonFile.Read(path);
        if (root["IsEncrypted"] is JsonValue encrypted && encrypted.TryGetValue<bool>(out var isEncrypted) && isEncrypted)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"{path} is encrypted: decrypt it with `func settings decrypt`.");
        }

        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Add(settings, path, root, "Values", string.Empty);
        Add(settings, path, root, "Host", HostPrefix);
        if (root["ConnectionStrings"] is JsonObject connections)
        {
            foreach (var (name, value) in connections)
            {
                settings[$"ConnectionStrings:{name}"] = (value is JsonObject described ? described["ConnectionString"] : value)?.ToString();
            }
        }

        return new LocalSettings(settings, [.. new KeyCheck(Path.GetFileName(path), Known, "settings stand inside 'Values'").Messages(root)]);
    }

    private static void Add(Dictionary<string, string?> settings, string path, JsonObject root, string section, string prefix)
    {
        foreach (var (name, value) in root[section] as JsonObject ?? [])
        {
            settings[prefix + name.Replace("__", ":", StringComparison.Ordinal)] = value is JsonObject or JsonArray
                ? throw new PgdrException(
                    ErrorCodes.InvalidSettings, $"{path}: '{name}' in '{section}' must be one value; write what is nested as {name}__Key, lists as {name}__0.")
                : value?.ToString();
        }
    }
}
