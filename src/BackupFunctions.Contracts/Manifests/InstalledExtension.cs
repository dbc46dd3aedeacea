namespace BackupFunctions.Contracts.Manifests;

/// <param name="Name">As in CREATE EXTENSION.</param>
/// <param name="Version">Installed in the database that was dumped.</param>
public sealed record InstalledExtension(string Name, string Version);
