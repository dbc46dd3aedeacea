namespace BackupFunctions.Contracts.Manifests;

/// <summary>A stretch of a timeline's log, whole segments.</summary>
/// <param name="Timeline">From 1.</param>
/// <param name="FromLsn">Its first byte, for example 0/16000000.</param>
/// <param name="ToLsn">Behind its last byte.</param>
public sealed record WalExpirySpan(int Timeline, string FromLsn, string ToLsn);
