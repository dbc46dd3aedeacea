using System.Text.Json.Serialization;

namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <param name="EventId">Action id.</param>
/// <param name="Timestamp">UTC.</param>
/// <param name="Name">The activity.</param>
/// <param name="Version">Null or empty means unversioned.</param>
/// <param name="Input">JSON; not kept in history by default.</param>
/// <param name="Tags">Null means none.</param>
internal sealed record TaskScheduledEvent(
    int EventId, DateTime Timestamp, string Name, string? Version, string? Input, IDictionary<string, string>? Tags)
    : ActionEvent(EventId, Timestamp)
{
    [JsonIgnore]
    public override string? ActionName => Name;

    [JsonIgnore]
    public override string Kind => "activity";
}
