namespace BackupFunctions.Postgres.Merge;

/// <summary>A unique index over plain columns, of all rows.</summary>
/// <param name="Name">Unquoted.</param>
/// <param name="Primary">Of the primary key.</param>
/// <param name="Columns">Unquoted.</param>
/// <param name="Operators">For each column, the operator that the index compares by, as SQL.</param>
/// <param name="NotNull">No column can be null.</param>
/// <param name="NullsEqual">Nulls count as the same value.</param>
internal sealed record MergeIndex(string Name, bool Primary, IReadOnlyList<string> Columns, IReadOnlyList<string> Operators, bool NotNull, bool NullsEqual);
