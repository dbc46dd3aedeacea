namespace BackupFunctions.Retention.State;

/// <summary>Where a timeline left its parent, as its history file says.</summary>
/// <param name="SystemId">The server's system identifier.</param>
/// <param name="Timeline">From 2: the first has no parent.</param>
/// <param name="Parent">The timeline it began on.</param>
/// <param name="SwitchLsn">Log of the parent counts up to here.</param>
public sealed record KnownTimeline(string SystemId, int Timeline, int Parent, ulong SwitchLsn);
