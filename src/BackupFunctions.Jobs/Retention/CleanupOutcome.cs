using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Retention;

/// <param name="Result">What enters the workflow.</param>
/// <param name="Decisions">All of them, kept copies too; newest backup first.</param>
public sealed record CleanupOutcome(CleanupResult Result, IReadOnlyList<CleanupDecision> Decisions);
