using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Contracts;

namespace BackupFunctions.Cli.Output;

/// <summary>What --json prints: the contracts as they are stored.</summary>
internal static class Json
{
    public static void Print<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, ContractJson.Indented));

    /// <summary>The same, with <c>phase_seconds</c> beside the result's own properties.</summary>
    public static void Print<T>(T value, IReadOnlyDictionary<string, double> phaseSeconds)
    {
        var json = JsonSerializer.SerializeToNode(value, ContractJson.Options)!.AsObject();
        json["phase_seconds"] = new JsonObject(phaseSeconds.Select(phase => KeyValuePair.Create(phase.Key, (JsonNode?)JsonValue.Create(phase.Value))));
        Print(json);
    }
}
