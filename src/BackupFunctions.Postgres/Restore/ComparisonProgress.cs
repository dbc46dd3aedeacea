namespace BackupFunctions.Postgres.Restore;

/// <param name="TablesDone">Compared so far.</param>
/// <param name="TablesTotal">All.</param>
/// <param name="RowsDone">Compared so far.</param>
/// <param name="Table">The one that has just been compared.</param>
public sealed record ComparisonProgress(int TablesDone, int TablesTotal, long RowsDone, string Table);
