namespace BackupFunctions.Jobs.Tenants;

/// <summary>Reads one tenant after the other; several sources read side by side.</summary>
internal interface ITenantSource : IAsyncDisposable
{
    /// <summary>False: a source of its own has to go on.</summary>
    bool IsOpen { get; }

    Task<TenantDump> ReadAsync(string tenant, Backup.DumpPacker packer, CancellationToken cancellationToken);
}
