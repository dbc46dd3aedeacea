using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Recovery;

/// <param name="Stored">The base backup.</param>
/// <param name="Record">Of it.</param>
/// <param name="Path">From it to the point.</param>
/// <param name="LogBytes">To be replayed at most.</param>
/// <param name="NewestAt">Nothing in the log is younger, by the targets' clocks.</param>
internal sealed record PointCandidate(StoredManifest Stored, BackupRecord Record, RecoveryPath Path, long LogBytes, DateTimeOffset NewestAt);
