namespace BackupFunctions.Contracts.Jobs;

/// <param name="Reason">Who or what asked: schedule, manual.</param>
/// <param name="DryRun">Decide and report, change nothing.</param>
public sealed record CleanupParameters(string Reason, bool DryRun = false);
