using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.DisasterRecovery;

namespace BackupFunctions.Cli.DisasterRecovery;

/// <param name="Raw">The Durable status as the host sent it.</param>
/// <param name="Json">The same, parsed.</param>
internal sealed record RunbookState(string Raw, JsonNode Json)
{
    public string RuntimeStatus => Json["runtimeStatus"]!.GetValue<string>();

    public bool HasEnded => RuntimeStatus is "Completed" or "Failed" or "Terminated" or "Canceled";

    public bool Succeeded => RuntimeStatus == "Completed" && (Json["output"]?["success"]?.GetValue<bool>() ?? false);

    public DisasterRecoveryStatus? Status => Json["customStatus"] is JsonObject status
        ? status.Deserialize<DisasterRecoveryStatus>(ContractJson.Options)
        : null;
}
