using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Durable;

namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>
/// host.json as the Functions host documents it. Only what stands at its documented place counts, so everything that this host passes over is
/// reported: a misplaced section is otherwise ignored in silence.
/// </summary>
internal sealed class HostJson
{
    private readonly JsonObject _root;

    private HostJson(JsonObject root) => _root = root;

    /// <param name="path">A missing file means defaults.</param>
    /// <exception cref="PgdrException">The file is not what the host understands; names the place.</exception>
    public static HostJson Read(string path) => new(File.Exists(path) ? JsonFile.Read(path) : []);

    /// <summary>Prefix of all routes of HTTP functions, without slashes at its ends; may be empty.</summary>
    public string RoutePrefix => (Text("http", "routePrefix") ?? "api").Trim('/');

    /// <summary>Headers of every answer.</summary>
    public IReadOnlyDictionary<string, string> CustomHeaders => Headers();

    public string? HubName =>
        Text("durableTask", "hubName") is not { } name ? null
        : name.Trim().Length > 0 ? name
        : throw Wrong("durableTask", "hubName", "a text that is not empty");

    public string? DefaultVersion => Text("durableTask", "defaultVersion");

    public int? MaxConcurrentActivityFunctions => Number("durableTask", "maxConcurrentActivityFunctions");

    public int? MaxConcurrentOrchestratorFunctions => Number("durableTask", "maxConcurrentOrchestratorFunctions");

    public bool? StoreInputsInOrchestrationHistory => Flag("durableTask", "storeInputsInOrchestrationHistory");

    public int? MaxOrchestrationActions => Number("durableTask", "maxOrchestrationActions");

    public VersionMatchStrategy? VersionMatchStrategy => Choice<VersionMatchStrategy>("durableTask", "versionMatchStrategy");

    public VersionFailureStrategy? VersionFailureStrategy => Choice<VersionFailureStrategy>("durableTask", "versionFailureStrategy");

    /// <summary>Whether a start replaces an instance of the same id that still runs.</summary>
    public bool OverridesRunningInstances =>
        Text("durableTask", "overridableExistingInstanceStates")?.ToUpperInvariant() switch
        {
            null or "NONRUNNINGSTATES" => false,
            "ANYSTATE" => true,
            _ => throw Wrong("durableTask", "overridableExistingInstanceStates", "'NonRunningStates' or 'AnyState'"),
        };

    /// <summary>Whether links follow X-Forwarded-Host and X-Forwarded-Proto of the request that starts an instance.</summary>
    public bool UseForwardedHost => Flag("durableTask", "httpSettings", "useForwardedHost") ?? false;

    /// <summary>Log levels as .NET's configuration has them: category to level.</summary>
    public IEnumerable<KeyValuePair<string, string?>> LogLevels =>
        Find("logging", "logLevel") is JsonObject levels
            ? levels.Select(level => KeyValuePair.Create($"Logging:LogLevel:{level.Key}", level.Value?.ToString()))
            : [];

    /// <summary>Reads every value, so that a wrong one ends the start and not a request much later.</summary>
    /// <exception cref="PgdrException">A value is of the wrong kind; names the place.</exception>
    public void EnsureValid() => _ = (
        RoutePrefix, CustomHeaders, HubName, DefaultVersion, MaxConcurrentActivityFunctions, MaxConcurrentOrchestratorFunctions,
        StoreInputsInOrchestrationHistory, MaxOrchestrationActions, VersionMatchStrategy, VersionFailureStrategy, OverridesRunningInstances,
        UseForwardedHost);

    /// <summary>One sentence for everything that has no effect here.</summary>
    public IEnumerable<string> Warnings()
    {
        foreach (var message in new KeyCheck("host.json", HostJsonKeys.All).Messages(_root))
        {
            yield return message;
        }

        if (_root["version"]?.ToString() is var version and not (null or "2.0"))
        {
            yield return $"host.json has version '{version}'; the format understood is \"2.0\".";
        }
    }

    private Dictionary<string, string> Headers()
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Find("extensions", "http", "customHeaders") as JsonObject ?? [])
        {
            headers[name] = value is JsonValue text && text.GetValueKind() == JsonValueKind.String && !text.GetValue<string>().Any(char.IsControl)
                ? text.GetValue<string>()
                : throw Wrong("http", $"customHeaders.{name}", "a text in one line");
        }

        return headers;
    }

    private string? Text(string extension, string key) =>
        Find("extensions", extension, key) switch
        {
            null => null,
            JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            _ => throw Wrong(extension, key, "a text"),
        };

    private T? Choice<T>(string extension, string key)
        where T : struct, Enum =>
        Text(extension, key) is not { } text ? null
        : Enum.GetNames<T>().FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is { } chosen ? Enum.Parse<T>(chosen)
        : throw Wrong(extension, key, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    private bool? Flag(string extension, params string[] keys) =>
        Find(["extensions", extension, .. keys]) switch
        {
            null => null,
            JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
            _ => throw Wrong(extension, string.Join('.', keys), "true or false"),
        };

    private int? Number(string extension, string key) =>
        Find("extensions", extension, key) switch
        {
            null => null,
            JsonValue value when value.TryGetValue<int>(out var number) && number > 0 => number,
            _ => throw Wrong(extension, key, "a whole number above 0"),
        };

    /// <summary>The Functions host takes the keys at the top exactly; what is below goes through .NET's configuration, in any case.</summary>
    private JsonNode? Find(string top, params IEnumerable<string> below) =>
        below.Aggregate(_root[top], static (node, key) =>
            node is JsonObject section ? section.FirstOrDefault(entry => string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase)).Value : null);

    private JsonNode? Find(string[] path) => Find(path[0], path.Skip(1));

    private static PgdrException Wrong(string extension, string key, string expected) =>
        new(ErrorCodes.InvalidSettings, $"host.json: extensions.{extension}.{key} must be {expected}.");
}
