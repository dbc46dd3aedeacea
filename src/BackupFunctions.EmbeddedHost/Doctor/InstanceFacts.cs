using BackupFunctions.EmbeddedHost.Durable.Histories;
using BackupFunctions.EmbeddedHost.State;

namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>All that is stored of an instance that has not ended.</summary>
/// <param name="Instance">Without its data.</param>
/// <param name="FailedTurns">Turns begun since the last checkpoint and not running now.</param>
/// <param name="History">What it lived through.</param>
/// <param name="Events">Events it has not seen, those of the future included.</param>
/// <param name="Tasks">Its activities in the queue.</param>
/// <param name="Children">Status of its sub-orchestrations by id.</param>
internal sealed record InstanceFacts(
    StoredInstance Instance,
    int FailedTurns,
    StoredHistory History,
    IReadOnlyList<StoredEvent> Events,
    IReadOnlyList<PendingTask> Tasks,
    IReadOnlyDictionary<string, string> Children);
