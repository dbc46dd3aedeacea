using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Backup;

/// <param name="Complete">Every copy that was written was read back and matched, and storage says so.</param>
/// <param name="Reason">Why not; null when complete.</param>
/// <param name="Copies">All targets of the settings, also those that failed before.</param>
internal sealed record CopyVerificationResult(bool Complete, string? Reason, IReadOnlyList<CopyResult> Copies);
