namespace BackupFunctions.Contracts.Jobs;

/// <param name="Targets">Names of the settings; null or empty: all.</param>
/// <param name="Reason">Who or what asked: schedule, manual, recovery.</param>
public sealed record TargetCheckParameters(IReadOnlyList<string>? Targets, string Reason);
