using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog;

/// <summary>Everything storage says of one backup id.</summary>
/// <param name="BackupId">The folder's name.</param>
/// <param name="Folders">Targets with a folder of this name.</param>
public sealed record CatalogEntry(string BackupId, IReadOnlyList<string> Folders)
{
    /// <summary>Null: no target has a manifest, or none could be read.</summary>
    public StoredManifest? Stored { get; init; }

    /// <summary>Why there is no manifest although there may be one; null when every target said that it has none.</summary>
    public PgdrException? Failure { get; init; }

    /// <summary>Targets whose own copy of the manifest cannot be read or is not good.</summary>
    public IReadOnlyList<string> UnreadableOn { get; init; } = [];

    /// <summary>Their signatures hold.</summary>
    public IReadOnlyList<Statement> Statements { get; init; } = [];

    /// <summary>Statements that no target gives in good order, or that speak of another manifest; a sentence each.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>Some statement lies there, readable or not.</summary>
    public bool HasStatements { get; init; }

    /// <summary>As lists show it; null: there is no manifest.</summary>
    public BackupRecord? Record => Stored is { } stored && Failure is null ? BackupRecord.Of(stored, Statements) : null;

    /// <summary>Which target has which manifest.</summary>
    internal DocumentSearch<Manifest> ManifestSearch { get; init; } = new([], Failure: null);

    /// <summary>Which target has which statement.</summary>
    internal IReadOnlyList<StatementSearch> StatementSearches { get; init; } = [];
}
