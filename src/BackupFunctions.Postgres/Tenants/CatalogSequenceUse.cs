namespace BackupFunctions.Postgres.Tenants;

/// <summary>A sequence, and one column that takes its values from it.</summary>
/// <param name="Name">As SQL.</param>
/// <param name="Ascending">It counts upwards.</param>
/// <param name="Start">Its first value.</param>
/// <param name="Least">Its least value.</param>
/// <param name="Most">Its greatest value.</param>
/// <param name="Table">OID; null: no column does.</param>
/// <param name="Column">Unquoted; null: no column does.</param>
internal sealed record CatalogSequenceUse(string Name, bool Ascending, long Start, long Least, long Most, long? Table, string? Column);
