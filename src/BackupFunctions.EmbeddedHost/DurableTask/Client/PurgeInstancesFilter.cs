namespace BackupFunctions.EmbeddedHost.DurableTask.Client;

/// <summary>Which instances to purge; only those in a final state are.</summary>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null)
{
    /// <summary>Stop after this time; the result then says that more is left.</summary>
    public TimeSpan? Timeout { get; init; }
}
