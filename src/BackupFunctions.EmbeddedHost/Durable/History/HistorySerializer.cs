using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <summary>Events as the JSON text in which they are stored.</summary>
internal static class HistorySerializer
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(), new FailurePropertiesConverter() },
    };

    private static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true };

    /// <summary>For files that people read.</summary>
    public static string WriteIndented<T>(T value) => JsonSerializer.Serialize(value, Indented);

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <exception cref="JsonException">The text is not of this shape.</exception>
    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"null is no {typeof(T).Name}");

    /// <summary>The kind's stored name, as in the Durable Task Framework's EventType.</summary>
    public static string TypeName(HistoryEvent value) => value switch
    {
        SubOrchestrationCreatedEvent => "SubOrchestrationInstanceCreated",
        SubOrchestrationCompletedEvent => "SubOrchestrationInstanceCompleted",
        SubOrchestrationFailedEvent => "SubOrchestrationInstanceFailed",
        _ => value.GetType().Name[..^"Event".Length],
    };
}
