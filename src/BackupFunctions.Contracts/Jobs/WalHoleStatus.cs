namespace BackupFunctions.Contracts.Jobs;

/// <summary>Log that no target has.</summary>
/// <param name="Timeline">From 1.</param>
/// <param name="FromLsn">Its first byte.</param>
/// <param name="ToLsn">Behind its last byte.</param>
/// <param name="IsEnd">Nothing is left behind it; a signed inventory says that it was archived.</param>
public sealed record WalHoleStatus(int Timeline, string FromLsn, string ToLsn, bool IsEnd);
