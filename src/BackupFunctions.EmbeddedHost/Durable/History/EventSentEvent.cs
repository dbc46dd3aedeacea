using System.Text.Json.Serialization;

namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <param name="EventId">Action id.</param>
/// <param name="Timestamp">UTC.</param>
/// <param name="InstanceId">The receiver.</param>
/// <param name="Name">The event.</param>
/// <param name="Input">JSON; not kept in history by default.</param>
internal sealed record EventSentEvent(int EventId, DateTime Timestamp, string InstanceId, string Name, string? Input)
    : ActionEvent(EventId, Timestamp)
{
    [JsonIgnore]
    public override string? ActionName => Name;

    [JsonIgnore]
    public override string Kind => "external event";
}
