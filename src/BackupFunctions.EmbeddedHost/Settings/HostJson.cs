using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Contracts;

namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>
/// host.json as the Functions host documents it. Only what stands at its documented place counts, so everything that this host passes over is
/// reported: a misplaced section is otherwise ignored in silence.
/// </summary>
internal sealed class HostJson
{
    private static readonly string[] Applied = ["version", "logging", "extensions"];

    private static readonly string[] KnownNotApplied =
    [
        "functionTimeout", "retry", "functions", "http", "watchDirectories", "watchFiles", "queues", "serviceBus", "eventHub", "singleton",
        "aggregator", "healthMonitor", "extensionBundle", "managedDependencies", "customHandler", "httpWorker", "concurrency",
        "sendCanceledInvocationsToWorker", "metadataProviderTimeout",
    ];

    private static readonly string[] OnlyBelowExtensions = ["durableTask", "http", "extensions"];

    private readonly JsonObject _root;

    private HostJson(JsonObject root) => _root = root;

    /// <param name="path">A missing file means defaults.</param>
    /// <exception cref="PgdrException">The file is not what the host understands; names the place.</exception>
    public static HostJson Read(string path) => new(File.Exists(path) ? JsonFile.Read(path) : []);

    /// <summary>Prefix of all routes of HTTP functions, without slashes at its ends; may be empty.</summary>
    public string RoutePrefix => (Text("http", "routePrefix") ?? "api").Trim('/');

    public string? HubName => Text("durableTask", "hubName");

    public string? DefaultVersion => Text("durableTask", "defaultVersion");

    public int? MaxConcurrentActivityFunctions => Number("durableTask", "maxConcurrentActivityFunctions");

    public int? MaxConcurrentOrchestratorFunctions => Number("durableTask", "maxConcurrentOrchestratorFunctions");

    public bool? StoreInputsInOrchestrationHistory => Flag("durableTask", "storeInputsInOrchestrationHistory");

    /// <summary>Log levels as .NET's configuration has them: category to level.</summary>
    public IEnumerable<KeyValuePair<string, string?>> LogLevels =>
        _root["logging"] is JsonObject logging && logging["logLevel"] is JsonObject levels
            ? levels.Select(level => KeyValuePair.Create($"Logging:LogLevel:{level.Key}", level.Value?.ToString()))
            : [];

    /// <summary>One sentence for everything that has no effect here.</summary>
    public IEnumerable<string> Warnings()
    {
        foreach (var (key, _) in _root)
        {
            if (KnownNotApplied.Contains(key, StringComparer.Ordinal))
            {
                yield return $"host.json sets '{key}', which the embedded host does not apply.";
            }
            else if (string.Equals(key, "durableTask", StringComparison.Ordinal))
            {
                yield return "host.json has 'durableTask' at the top, where it has no effect: move it into 'extensions'.";
            }
            else if (!Applied.Contains(key, StringComparer.Ordinal))
            {
                yield return $"host.json has the unknown key '{key}', which has no effect.";
            }
        }

        foreach (var misplaced in Misplaced("logging"))
        {
            yield return misplaced;
        }

        if (_root["version"]?.ToString() is var version and not (null or "2.0"))
        {
            yield return $"host.json has version '{version}'; the format understood is \"2.0\".";
        }
    }

    private IEnumerable<string> Misplaced(string section) =>
        _root[section] is not JsonObject content
            ? []
            : content
                .Where(entry => OnlyBelowExtensions.Contains(entry.Key, StringComparer.Ordinal))
                .Select(entry => string.Equals(entry.Key, "extensions", StringComparison.Ordinal)
                    ? $"host.json has 'extensions' inside '{section}', where it has no effect: move it to the top."
                    : $"host.json has '{entry.Key}' inside '{section}', where it has no effect: move it into 'extensions'.");

    private string? Text(string extension, string key) =>
        Value(extension, key) switch
        {
            null => null,
            JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            _ => throw Wrong(extension, key, "a text"),
        };

    private bool? Flag(string extension, string key) =>
        Value(extension, key) switch
        {
            null => null,
            JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
            _ => throw Wrong(extension, key, "true or false"),
        };

    private int? Number(string extension, string key) =>
        Value(extension, key) switch
        {
            null => null,
            JsonValue value when value.TryGetValue<int>(out var number) && number > 0 => number,
            _ => throw Wrong(extension, key, "a whole number above 0"),
        };

    private JsonNode? Value(string extension, string key) =>
        _root["extensions"] is JsonObject extensions && extensions[extension] is JsonObject settings ? settings[key] : null;

    private static PgdrException Wrong(string extension, string key, string expected) =>
        new(ErrorCodes.InvalidSettings, $"host.json: extensions.{extension}.{key} must be {expected}.");
}
