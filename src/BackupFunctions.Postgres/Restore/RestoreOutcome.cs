namespace BackupFunctions.Postgres.Restore;

/// <param name="Items">Entries of the archive's table of contents.</param>
/// <param name="ToolVersion">Of pg_restore.</param>
/// <param name="Warnings">One sentence each: tools below the security floor.</param>
public sealed record RestoreOutcome(int Items, string ToolVersion, IReadOnlyList<string> Warnings);
