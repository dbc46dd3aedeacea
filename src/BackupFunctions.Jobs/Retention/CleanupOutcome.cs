using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Retention;

/// <param name="Result">What enters the workflow.</param>
/// <param name="Decisions">All of them, kept copies too; newest backup first.</param>
/// <param name="Log">Every stretch of log that stays or goes, by server, timeline and position.</param>
public sealed record CleanupOutcome(CleanupResult Result, IReadOnlyList<CleanupDecision> Decisions, IReadOnlyList<WalCleanupDecision> Log);
