namespace BackupFunctions.Contracts.Jobs;

/// <summary>Some tables of a backup; a table is chosen when any of these says so.</summary>
/// <param name="Tables">Patterns of <c>schema.table</c>, unquoted: * stands for any characters, ? for one.</param>
/// <param name="Schemas">Patterns of schemas: all tables in them.</param>
public sealed record TableSelection(IReadOnlyList<string> Tables, IReadOnlyList<string> Schemas);
