using BackupFunctions.EmbeddedHost.Durable.History;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>An instance to be started.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="ExecutionId">Id of this run of it.</param>
/// <param name="Started">Its first event.</param>
/// <param name="StartAt">UTC; null means at once.</param>
/// <param name="Tags">Empty means none.</param>
internal sealed record NewInstance(
    string InstanceId,
    string ExecutionId,
    ExecutionStartedEvent Started,
    DateTime? StartAt,
    IReadOnlyDictionary<string, string> Tags);
