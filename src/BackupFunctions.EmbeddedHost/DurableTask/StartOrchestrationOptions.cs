using System.Collections.ObjectModel;

namespace BackupFunctions.EmbeddedHost.DurableTask;

/// <summary>How a new instance is started.</summary>
public record StartOrchestrationOptions
{
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstanceId = options.InstanceId;
        StartAt = options.StartAt;
        Tags = options.Tags;
        Version = options.Version;
        DedupeStatuses = options.DedupeStatuses;
    }

    /// <summary>At most 256 characters, not starting with @, without / \ # ? and control characters; random when null.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Not before this moment; at once when null.</summary>
    public DateTimeOffset? StartAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public TaskVersion? Version { get; init; }

    /// <summary>States of an existing instance with this id that forbid the start; null means every state that is not final.</summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}
