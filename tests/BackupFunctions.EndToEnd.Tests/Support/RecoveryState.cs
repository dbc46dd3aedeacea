using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.DisasterRecovery;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>A recovery as the Durable status endpoint shows it.</summary>
internal sealed record RecoveryState(JsonNode Json)
{
    public string RuntimeStatus => Json["runtimeStatus"]!.GetValue<string>();

    public bool HasEnded => RuntimeStatus is "Completed" or "Failed" or "Terminated" or "Canceled";

    public DisasterRecoveryStatus? Status => Json["customStatus"].Deserialize<DisasterRecoveryStatus>(ContractJson.Options);

    public DisasterRecoveryReport? Report => RuntimeStatus == "Completed" ? Json["output"].Deserialize<DisasterRecoveryReport>(ContractJson.Options) : null;

    public RecoveryStep? Step(int number) => Status?.Steps[number - 1];

    public bool Is(int step, StepStatus status) => Step(step)?.Status == status;
}
