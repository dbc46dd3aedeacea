namespace BackupFunctions.Postgres.Merge;

/// <param name="Name">Unquoted.</param>
/// <param name="Child">OID of the table whose rows are merged: a partition counts as its uppermost table.</param>
/// <param name="Parent">The same of the table that it points to.</param>
/// <param name="ChildRows">As SQL.</param>
/// <param name="ParentRows">As SQL.</param>
/// <param name="ParentTitle">For sentences.</param>
/// <param name="Columns">Of the child, unquoted.</param>
/// <param name="KeyColumns">Of the parent, in the same order.</param>
/// <param name="Operators">Compare key with reference, as SQL.</param>
/// <param name="Full">MATCH FULL: all columns are null, or none is.</param>
internal sealed record MergeForeignKey(
    string Name,
    long Child,
    long Parent,
    string ChildRows,
    string ParentRows,
    string ParentTitle,
    IReadOnlyList<string> Columns,
    IReadOnlyList<string> KeyColumns,
    IReadOnlyList<string> Operators,
    bool Full);
