namespace BackupFunctions.Contracts.Manifests;

/// <summary>The server a backup was taken from.</summary>
/// <param name="SystemIdentifier">pg_control_system(), as text because it exceeds what JSON numbers carry; null when not readable.</param>
/// <param name="Version">For people, for example 15.20 (Debian 15.20-0+deb12u1).</param>
/// <param name="VersionNumber">server_version_num, for example 150020.</param>
/// <param name="Timeline">Null when not readable.</param>
/// <param name="Lsn">Position in the WAL when the snapshot was taken, for example 0/16B3748.</param>
public sealed record ServerIdentity(string? SystemIdentifier, string Version, int VersionNumber, int? Timeline, string? Lsn);
