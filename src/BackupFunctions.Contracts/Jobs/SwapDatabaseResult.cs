namespace BackupFunctions.Contracts.Jobs;

/// <param name="KeptDatabase">The name under which the previous database is kept; null when there was none.</param>
/// <param name="EndedSessions">Sessions that had to be ended.</param>
public sealed record SwapDatabaseResult(string? KeptDatabase, int EndedSessions);
