namespace BackupFunctions.Contracts.Manifests;

/// <summary><c>contents.tink</c>: what must not be readable without a key.</summary>
public sealed record BackupContents
{
    public required IReadOnlyList<ArchivePart> Parts { get; init; }
    public required IReadOnlyList<TableDigest> Tables { get; init; }
    public required LargeObjectDigest LargeObjects { get; init; }
    public required IReadOnlyList<SequenceValue> Sequences { get; init; }
    public required DatabaseProperties Database { get; init; }
    public required IReadOnlyList<RoleDefinition> Roles { get; init; }

    /// <summary>Null: written by a version that did not look.</summary>
    public RestoreNeeds? Needs { get; init; }

    /// <summary>Of a backup of one tenant; null for every other kind.</summary>
    public TenantContents? Tenant { get; init; }
}
