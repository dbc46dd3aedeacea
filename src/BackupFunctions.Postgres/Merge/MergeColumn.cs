namespace BackupFunctions.Postgres.Merge;

/// <param name="Name">Unquoted.</param>
/// <param name="Type">As SQL, with its length.</param>
/// <param name="Generated">Its value is computed from others.</param>
/// <param name="AlwaysIdentity">Declared GENERATED ALWAYS AS IDENTITY: it takes no value in an UPDATE.</param>
/// <param name="Required">It may not be null, and nothing gives it a value.</param>
/// <param name="Greater">The operator that its type is ordered by, as SQL.</param>
internal sealed record MergeColumn(string Name, string Type, bool Generated, bool AlwaysIdentity, bool Required, string Greater);
