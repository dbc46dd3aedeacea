namespace BackupFunctions.Contracts.Jobs;

/// <param name="Table">Schema and name.</param>
/// <param name="Add">Rows of the backup that are not live.</param>
/// <param name="Change">Rows in both that differ, where the backup wins.</param>
/// <param name="Conflicting">Rows in both that differ, where the live one stays.</param>
/// <param name="OnlyLive">Rows that the backup does not have; they stay.</param>
/// <param name="Same">Rows that are the same in both.</param>
public sealed record MergeTableResult(string Table, long Add, long Change, long Conflicting, long OnlyLive, long Same);
