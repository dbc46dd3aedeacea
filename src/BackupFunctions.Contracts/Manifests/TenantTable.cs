using System.Text.Json.Serialization;

namespace BackupFunctions.Contracts.Manifests;

/// <summary>One table in a backup of one tenant. Counts and digests stand beside those of other backups.</summary>
public sealed record TenantTable
{
    /// <summary>Unquoted.</summary>
    public required string Schema { get; init; }

    /// <summary>Unquoted.</summary>
    public required string Name { get; init; }
    public required TenantTableKind Kind { get; init; }

    /// <summary>Has partitions, and no rows of its own.</summary>
    public bool Partitioned { get; init; }

    /// <summary>The file of the dump folder with its rows as COPY text; null: it has no rows here.</summary>
    public string? File { get; init; }

    /// <summary>The tenant column, unquoted; null for other kinds.</summary>
    public string? Column { get; init; }

    /// <summary>Of the tenant column, for example integer; null for other kinds.</summary>
    public string? ColumnType { get; init; }

    /// <summary>Compares the tenant column, as SQL.</summary>
    public string ColumnEquals { get; init; } = "=";

    /// <summary>Of the primary key, unquoted, in its order; empty: it has none.</summary>
    public IReadOnlyList<string> KeyColumns { get; init; } = [];

    /// <summary>Foreign keys to tables with rows of tenants.</summary>
    public IReadOnlyList<TenantReference> References { get; init; } = [];

    [JsonIgnore]
    public bool HasTenant => Kind is TenantTableKind.Column or TenantTableKind.ForeignKey or TenantTableKind.Schema;
}
