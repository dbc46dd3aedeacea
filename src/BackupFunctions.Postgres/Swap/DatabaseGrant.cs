namespace BackupFunctions.Postgres.Swap;

/// <param name="Grantee">Null: PUBLIC.</param>
/// <param name="Privilege">CONNECT, CREATE or TEMPORARY.</param>
/// <param name="Grantable">With grant option.</param>
/// <param name="Grantor">The role that granted it.</param>
internal sealed record DatabaseGrant(string? Grantee, string Privilege, bool Grantable, string Grantor);
