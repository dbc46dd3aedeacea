namespace BackupFunctions.Jobs.Verify;

/// <param name="Key">The object.</param>
/// <param name="Condition">As it was read.</param>
/// <param name="Detail">What is wrong, one sentence; null when nothing is.</param>
internal sealed record ObjectState(string Key, ObjectCondition Condition, string? Detail = null);
