namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>A tablespace beside pg_default and pg_global.</summary>
/// <param name="Oid">Names its link in pg_tblspc.</param>
/// <param name="Name">Of the server.</param>
/// <param name="Location">Absolute; below the data directory for one that is in place (allow_in_place_tablespaces).</param>
public sealed record Tablespace(long Oid, string Name, string Location);
