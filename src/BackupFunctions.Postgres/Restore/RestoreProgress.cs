namespace BackupFunctions.Postgres.Restore;

/// <param name="ItemsDone">Entries of the archive's table of contents that are finished.</param>
/// <param name="ItemsTotal">Entries in all.</param>
/// <param name="Item">The one that has just finished, as pg_restore names it.</param>
public sealed record RestoreProgress(int ItemsDone, int ItemsTotal, string Item);
