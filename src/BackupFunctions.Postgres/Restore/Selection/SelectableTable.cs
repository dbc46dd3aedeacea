namespace BackupFunctions.Postgres.Restore.Selection;

/// <summary>A table as the scratch database has it once its structure is there.</summary>
/// <param name="Oid">pg_class.oid.</param>
/// <param name="Schema">Unquoted.</param>
/// <param name="Name">Unquoted.</param>
/// <param name="Partitioned">It has no rows of its own.</param>
/// <param name="OfExtension">It comes and goes with its extension.</param>
/// <param name="Key">Schema and name in the database's encoding, a byte a character, as <see cref="ForeignKeyStatement"/> has them.</param>
/// <param name="Parents">OIDs of what it is a partition of or inherits from.</param>
internal sealed record SelectableTable(
    long Oid, string Schema, string Name, bool Partitioned, bool OfExtension, string Key, IReadOnlyList<long> Parents)
{
    public string Title => $"{Schema}.{Name}";
}
