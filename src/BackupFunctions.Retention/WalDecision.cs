using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention;

/// <summary>What happens to one copy of an object of write-ahead log, and why.</summary>
/// <param name="Wal">The object.</param>
/// <param name="Target">The target that holds the copy.</param>
/// <param name="Action">What happens to it.</param>
/// <param name="Reason">A sentence.</param>
/// <param name="CancelsTombstone">It is needed again: the tombstone that stands is cancelled.</param>
public readonly record struct WalDecision(KnownWal Wal, string Target, RetentionAction Action, string Reason, bool CancelsTombstone);
