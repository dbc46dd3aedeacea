using BackupFunctions.Contracts.Backups;

namespace BackupFunctions.Contracts.Jobs;

/// <summary>One tenant's backup.</summary>
/// <param name="Tenant">Its id.</param>
/// <param name="BackupId">Of its own.</param>
/// <param name="Status">Verified or Completed.</param>
/// <param name="StatusReason">Why it is not VERIFIED; null when it is.</param>
/// <param name="Rows">Of the tenant, without those of shared tables.</param>
/// <param name="PlainSize">Bytes before compression.</param>
/// <param name="StoredSize">Bytes of one copy.</param>
/// <param name="MissingCopies">Names of targets without a verified copy.</param>
public sealed record TenantBackup(
    string Tenant, string BackupId, BackupStatus Status, string? StatusReason, long Rows, long PlainSize, long StoredSize, IReadOnlyList<string> MissingCopies)
{
    /// <summary>A copy is missing or was not verified, or that they all were could not be stated.</summary>
    public bool Unfinished { get; init; }
}
