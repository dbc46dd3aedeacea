using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Swap;

/// <summary>A database that a swap has kept under another name, closed for connections.</summary>
/// <param name="Name">Its present name.</param>
/// <param name="Oid">What tells it apart whatever it is called.</param>
/// <param name="Database">The name it had.</param>
/// <param name="RestoreId">The restore that took its place.</param>
/// <param name="Bytes">Its size on disk.</param>
/// <param name="Properties">What it had when it was live.</param>
public sealed record KeptDatabase(string Name, long Oid, string Database, string RestoreId, long Bytes, DatabaseProperties Properties);
