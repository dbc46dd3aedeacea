namespace BackupFunctions.Postgres.Dump;

/// <param name="Oid">As in pg_class, and in the dump's table of contents.</param>
/// <param name="Schema">Unquoted.</param>
/// <param name="Name">Unquoted.</param>
/// <param name="Columns">As COPY lists them, unquoted.</param>
/// <param name="Filter">Of an extension's configuration table, with the word WHERE.</param>
internal sealed record CatalogTable(long Oid, string Schema, string Name, IReadOnlyList<string> Columns, string? Filter);
