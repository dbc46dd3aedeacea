namespace BackupFunctions.Postgres.Swap;

/// <param name="KeptDatabase">The name under which the previous database is kept, connections off; null when there was none.</param>
/// <param name="EndedSessions">Client sessions that were ended.</param>
public sealed record SwapOutcome(string? KeptDatabase, int EndedSessions);
