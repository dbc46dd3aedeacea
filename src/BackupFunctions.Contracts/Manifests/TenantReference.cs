namespace BackupFunctions.Contracts.Manifests;

/// <summary>A foreign key between tables of a backup of one tenant.</summary>
/// <param name="Constraint">Unquoted.</param>
/// <param name="Columns">Of the table that has it, unquoted.</param>
/// <param name="Schema">Of the table it points to, unquoted.</param>
/// <param name="Table">That it points to, unquoted.</param>
/// <param name="KeyColumns">There, in the same order.</param>
/// <param name="Operators">Compare key with reference, as SQL, in the same order.</param>
/// <param name="Selects">Rows belong to the tenant by it; else it is only checked.</param>
/// <param name="Validated">The server vouches for every row; false for NOT VALID.</param>
public sealed record TenantReference(
    string Constraint,
    IReadOnlyList<string> Columns,
    string Schema,
    string Table,
    IReadOnlyList<string> KeyColumns,
    IReadOnlyList<string> Operators,
    bool Selects,
    bool Validated);
