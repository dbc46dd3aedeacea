namespace BackupFunctions.Retention;

/// <param name="Copies">One for every copy that is not deleted yet, in an order in which no backup goes before those that need it.</param>
/// <param name="Wal">One for every server whose write-ahead log is stored.</param>
/// <param name="Warnings">What a person should know, a sentence each: locks that end early, chains that are broken.</param>
public sealed record RetentionPlan(IReadOnlyList<CopyDecision> Copies, IReadOnlyList<WalPlan> Wal, IReadOnlyList<string> Warnings);
