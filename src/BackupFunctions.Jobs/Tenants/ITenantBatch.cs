namespace BackupFunctions.Jobs.Tenants;

/// <summary>What several tenants have in common while they are read.</summary>
internal interface ITenantBatch : IAsyncDisposable
{
    Task<ITenantSource> OpenAsync(CancellationToken cancellationToken);
}
