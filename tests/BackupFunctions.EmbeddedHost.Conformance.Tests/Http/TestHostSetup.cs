using BackupFunctions.EmbeddedHost.Builder;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

/// <summary>What a test's host is made of.</summary>
/// <param name="StateConnection">Empty: a server of its own.</param>
internal sealed record TestHostSetup(string StateConnection, params Type[] Functions)
{
    /// <summary>Members of extensions.durableTask beside the hub's name.</summary>
    public string DurableTask { get; init; } = string.Empty;

    /// <summary>The members of extensions.http.</summary>
    public string Http { get; init; } = string.Empty;

    /// <summary>Further members at the top of host.json.</summary>
    public string HostJson { get; init; } = string.Empty;

    /// <summary>The text of local.settings.json; null for none.</summary>
    public string? LocalSettings { get; init; }

    public string Hub { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether the keys are given by settings, which makes them known and fixed.</summary>
    public bool GivesKeys { get; init; } = true;

    public Action<FunctionsApplicationBuilder>? Configure { get; init; }

    public (string Key, string Value)[] Settings { get; init; } = [];

    public string HostJsonText() =>
        $$"""
        {
          "version": "2.0",
          "logging": { "logLevel": { "default": "Error" } },
          "extensions": {
            "http": { {{Http}} },
            "durableTask": { "hubName": "{{Hub}}"{{(DurableTask.Length > 0 ? ", " : string.Empty)}}{{DurableTask}} }
          }{{(HostJson.Length > 0 ? ", " : string.Empty)}}{{HostJson}}
        }
        """;

    public Dictionary<string, string?> Values(string folder)
    {
        Dictionary<string, string?> values = new(StringComparer.Ordinal)
        {
            ["HOST_URL"] = "http://127.0.0.1:0",
            ["HOST_URL_FILE"] = Path.Combine(folder, "url"),
            ["DATA_FOLDER"] = Path.Combine(folder, "data"),
            ["STATE_CONNECTION"] = StateConnection,
        };
        if (GivesKeys)
        {
            values["HOST_MASTER_KEY"] = TestHost.MasterKey;
            values["HOST_FUNCTION_KEY"] = TestHost.FunctionKey;
            values["HOST_SYSTEM_KEY"] = TestHost.SystemKey;
        }

        foreach (var (key, value) in Settings)
        {
            values[key] = value;
        }

        return values;
    }
}
