namespace BackupFunctions.Postgres.Tenants;

/// <param name="Oid">As in pg_constraint.</param>
/// <param name="Name">Unquoted.</param>
/// <param name="Child">OID of the table that has it.</param>
/// <param name="Parent">OID of the table that it points to.</param>
/// <param name="Columns">Of the child, unquoted.</param>
/// <param name="KeyColumns">Of the parent, in the same order.</param>
/// <param name="Operators">Compare key with reference, as SQL.</param>
/// <param name="Validated">The server vouches for every row.</param>
/// <param name="Definition">As ALTER TABLE ... ADD CONSTRAINT takes it, NOT VALID.</param>
/// <param name="Comment">Null: none.</param>
internal sealed record CatalogForeignKey(
    long Oid,
    string Name,
    long Child,
    long Parent,
    IReadOnlyList<string> Columns,
    IReadOnlyList<string> KeyColumns,
    IReadOnlyList<string> Operators,
    bool Validated,
    string Definition,
    string? Comment);
