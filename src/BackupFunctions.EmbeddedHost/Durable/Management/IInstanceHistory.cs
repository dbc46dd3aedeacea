namespace BackupFunctions.EmbeddedHost.Durable.Management;

/// <summary>Reads what happened in an instance, for the management API.</summary>
internal interface IInstanceHistory
{
    /// <returns>The events of the present execution, oldest first; null when the instance is unknown.</returns>
    Task<IReadOnlyList<HistoryEventRecord>?> GetAsync(string instanceId, CancellationToken cancellationToken);
}
