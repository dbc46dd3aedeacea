namespace BackupFunctions.Contracts.Jobs;

/// <param name="ScratchDatabase">Name of the restored database, not yet live.</param>
/// <param name="ScratchOid">Its OID: a name alone never decides what is dropped or renamed.</param>
/// <param name="Tables">Compared and identical.</param>
/// <param name="Rows">Compared and identical.</param>
public sealed record RestoreDatabaseResult(string ScratchDatabase, long ScratchOid, int Tables, long Rows);
