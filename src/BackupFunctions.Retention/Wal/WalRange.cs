namespace BackupFunctions.Retention.Wal;

/// <param name="From">First byte needed.</param>
/// <param name="Until">Last byte needed; the segment that holds it counts.</param>
/// <param name="Reason">A sentence.</param>
internal readonly record struct WalRange(ulong From, ulong Until, string Reason);
