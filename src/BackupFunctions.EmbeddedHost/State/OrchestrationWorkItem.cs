using System.Collections.ObjectModel;
using BackupFunctions.EmbeddedHost.Durable.History;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>What a turn works on.</summary>
/// <param name="Lock">The instance.</param>
/// <param name="History">Of the present execution, oldest first.</param>
/// <param name="Events">Due events, in the order in which they are delivered.</param>
internal sealed record OrchestrationWorkItem(
    OrchestrationLock Lock, IReadOnlyList<HistoryEvent> History, IReadOnlyList<PendingEvent> Events)
{
    /// <summary>How many events the history has, read or not.</summary>
    public int HistoryLength { get; init; } = History.Count;

    /// <summary>Large values that were read, by their ids.</summary>
    public IReadOnlyDictionary<string, string> Payloads { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
