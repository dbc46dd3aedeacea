using System.Collections.ObjectModel;

namespace BackupFunctions.EmbeddedHost.DurableTask;

/// <summary>How a new instance is started.</summary>
/// <param name="InstanceId">At most 256 characters, not starting with @, without / \ # ? and control characters; random when null.</param>
/// <param name="StartAt">Not before this moment; at once when null.</param>
public record StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
{
    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstanceId = options.InstanceId;
        StartAt = options.StartAt;
        Tags = options.Tags;
        Version = options.Version;
        DedupeStatuses = options.DedupeStatuses;
    }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public TaskVersion? Version { get; init; }

    /// <summary>States of an existing instance with this id that forbid the start; null means every state that is not final.</summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}
