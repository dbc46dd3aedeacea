using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>One tenant's rows as they were read.</summary>
/// <param name="Tables">Count and digest of every table, those without rows among them.</param>
/// <param name="Contents">What every table is to the tenant.</param>
/// <param name="Sequences">Where they have to stand.</param>
/// <param name="Rows">Of the tenant, without those of shared tables.</param>
/// <param name="Facts">For the manifest.</param>
public sealed record TenantOutcome(
    IReadOnlyList<TableDigest> Tables, TenantContents Contents, IReadOnlyList<SequenceValue> Sequences, long Rows, TenantFacts Facts);
