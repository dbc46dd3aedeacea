namespace BackupFunctions.Postgres.Tenants;

/// <summary>A table or partitioned table as the catalogs describe it.</summary>
/// <param name="Oid">As in pg_class.</param>
/// <param name="Schema">Unquoted.</param>
/// <param name="Name">Unquoted.</param>
/// <param name="Partitioned">It has partitions, and no rows of its own.</param>
/// <param name="Root">The uppermost table that it is a partition of; its own OID when it is none.</param>
/// <param name="Columns">As COPY lists them, without generated ones.</param>
/// <param name="Generated">Generated columns.</param>
/// <param name="Nullable">Columns that may be null.</param>
/// <param name="KeyColumns">Of the primary key.</param>
/// <param name="Hidden">Row level security applies to the role that reads.</param>
/// <param name="OfExtension">It belongs to an extension.</param>
/// <param name="Filter">Of an extension's configuration table, with the word WHERE, empty without; null for every other table.</param>
internal sealed record CatalogRelation(
    long Oid,
    string Schema,
    string Name,
    bool Partitioned,
    long Root,
    IReadOnlyList<string> Columns,
    IReadOnlyList<string> Generated,
    IReadOnlyList<string> Nullable,
    IReadOnlyList<string> KeyColumns,
    bool Hidden,
    bool OfExtension,
    string? Filter)
{
    public bool IsPartition => Root != Oid;

    /// <summary>For sentences: not quoted.</summary>
    public string Title => $"{Schema}.{Name}";
}
