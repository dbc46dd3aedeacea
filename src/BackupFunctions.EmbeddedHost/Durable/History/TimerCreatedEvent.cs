using System.Text.Json.Serialization;

namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <param name="EventId">Action id.</param>
/// <param name="Timestamp">UTC.</param>
/// <param name="FireAt">UTC.</param>
internal sealed record TimerCreatedEvent(int EventId, DateTime Timestamp, DateTime FireAt) : ActionEvent(EventId, Timestamp)
{
    [JsonIgnore]
    public override string? ActionName => null;

    [JsonIgnore]
    public override string Kind => "timer";
}
