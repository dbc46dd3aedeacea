namespace BackupFunctions.Contracts.Manifests;

/// <summary>A tablespace beside pg_default and pg_global; its files are listed below pg_tblspc/oid.</summary>
/// <param name="Oid">Of pg_tablespace, above 0.</param>
/// <param name="Location">Where it was on the server: an absolute path.</param>
/// <param name="Size">Bytes of all its files.</param>
public sealed record BaseTablespace(long Oid, string Location, long Size);
