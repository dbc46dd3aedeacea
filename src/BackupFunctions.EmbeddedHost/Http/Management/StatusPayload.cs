using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Http.Management;

/// <summary>The status of an instance as the management API gives it; times to the second.</summary>
internal sealed record StatusPayload(
    string Name,
    string InstanceId,
    string RuntimeStatus,
    JsonNode? Input,
    JsonNode? CustomStatus,
    JsonNode? Output,
    string CreatedTime,
    string LastUpdatedTime,
    JsonArray? HistoryEvents)
{
    public static StatusPayload From(OrchestrationMetadata instance, bool showInput, JsonArray? history = null) => new(
        instance.Name,
        instance.InstanceId,
        instance.RuntimeStatus.ToString(),
        showInput ? JsonText.Parse(instance.SerializedInput) : null,
        JsonText.Parse(instance.SerializedCustomStatus),
        OutputOf(instance),
        Seconds(instance.CreatedAt),
        Seconds(instance.LastUpdatedAt),
        history);

    /// <summary>A failed instance has its failure for output.</summary>
    public static JsonNode? OutputOf(OrchestrationMetadata instance) =>
        JsonText.Parse(instance.SerializedOutput)
        ?? (instance.FailureDetails is { } failure ? JsonValue.Create($"{failure.ErrorType}: {failure.ErrorMessage}") : null);

    private static string Seconds(DateTimeOffset time) => time.UtcDateTime.ToString("s", CultureInfo.InvariantCulture) + "Z";
}
