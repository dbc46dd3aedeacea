namespace BackupFunctions.Contracts.Manifests;

/// <summary>
/// Everything that the server had flushed at a time lies before a position, and is archived. The time was read first, the position
/// afterwards. A transaction stamps itself before its commit is flushed: one that was about to commit at that time may lie behind.
/// </summary>
/// <param name="At">By the server's clock.</param>
/// <param name="Lsn">For example 0/16B3748.</param>
public sealed record WalCoverage(DateTimeOffset At, string Lsn);
