namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>Work that is stored and not done.</summary>
/// <param name="NewEvents">Events that their instances have not seen.</param>
/// <param name="DueEvents">Those that could be seen now.</param>
/// <param name="LaterEvents">Timers and planned starts in the future.</param>
/// <param name="HeldEvents">Those that wait for their instance to be resumed.</param>
/// <param name="OldestDueSeconds">How long the oldest due event has been so; null when none is due.</param>
/// <param name="NewTasks">Activities that have no answer.</param>
/// <param name="QueuedTasks">Those that no host runs.</param>
internal sealed record Backlog(
    long NewEvents, long DueEvents, long LaterEvents, long HeldEvents, double? OldestDueSeconds, long NewTasks, long QueuedTasks);
