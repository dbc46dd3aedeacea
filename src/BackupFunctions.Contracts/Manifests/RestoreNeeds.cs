namespace BackupFunctions.Contracts.Manifests;

/// <summary>What a server must have for a dump to be restored onto it; read in the dump's own snapshot.</summary>
public sealed record RestoreNeeds
{
    public required IReadOnlyList<InstalledExtension> Extensions { get; init; }

    /// <summary>Found in use and not known to every supported version. What is not looked for shows at the restore into the scratch database.</summary>
    public required IReadOnlyList<VersionFeature> Features { get; init; }

    /// <summary>Of tables, indexes and materialised views that do not lie in the database's own.</summary>
    public required IReadOnlyList<string> Tablespaces { get; init; }

    /// <summary>Providers of security labels.</summary>
    public required IReadOnlyList<string> LabelProviders { get; init; }
}
