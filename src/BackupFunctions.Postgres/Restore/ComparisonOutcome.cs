namespace BackupFunctions.Postgres.Restore;

/// <param name="Tables">Compared and identical.</param>
/// <param name="Rows">Compared and identical.</param>
/// <param name="LargeObjects">Compared and identical.</param>
/// <param name="Sequences">Compared and identical.</param>
public sealed record ComparisonOutcome(int Tables, long Rows, long LargeObjects, int Sequences);
