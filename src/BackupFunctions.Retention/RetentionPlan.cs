namespace BackupFunctions.Retention;

/// <param name="Copies">One for every copy that is not deleted yet, in an order in which no backup goes before those that need it.</param>
/// <param name="Wal">One for every copy of an object of write-ahead log that is not deleted yet.</param>
/// <param name="Warnings">What a person should know, a sentence each: locks that end early, chains that are broken.</param>
public sealed record RetentionPlan(IReadOnlyList<CopyDecision> Copies, IReadOnlyList<WalDecision> Wal, IReadOnlyList<string> Warnings);
