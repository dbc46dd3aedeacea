namespace BackupFunctions.Contracts.Manifests;

/// <summary>Of a backup of one tenant: what every table is to it.</summary>
public sealed record TenantContents
{
    /// <summary>As in <see cref="TenantFacts.Id"/>.</summary>
    public required string Id { get; init; }
    public required TenantMode Mode { get; init; }

    /// <summary>Schema mode: those that were dumped, the tenant's own first; else empty.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = [];

    /// <summary>All tables, in an order in which those that are referred to come first where that is possible.</summary>
    public required IReadOnlyList<TenantTable> Tables { get; init; }

    /// <summary>Foreign keys to tables whose rows are not in the backup: they can be restored as not valid only.</summary>
    public IReadOnlyList<TenantConstraint> LeftOut { get; init; } = [];

    /// <summary>Materialised views that had been filled, as SQL names.</summary>
    public IReadOnlyList<string> MaterializedViews { get; init; } = [];
}
