namespace BackupFunctions.Contracts.Jobs;

/// <param name="Merges">One, or one for each tenant.</param>
/// <param name="Failures">Tenants whose merge failed, with the cause; the others are not touched by that.</param>
public sealed record MergeRunResult(IReadOnlyList<MergeResult> Merges, IReadOnlyList<TenantFailure> Failures);
