using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Tenants;

/// <param name="Contents">Without parts.</param>
/// <param name="Facts">For the manifest.</param>
/// <param name="Server">At the snapshot.</param>
/// <param name="SnapshotAt">The server's clock.</param>
/// <param name="Rows">Of the tenant, without those of shared tables.</param>
internal sealed record TenantDump(BackupContents Contents, TenantFacts Facts, ServerIdentity Server, DateTimeOffset SnapshotAt, long Rows);
