using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog;

/// <param name="Manifest">Its signature was checked.</param>
/// <param name="Document">The very bytes, for proof and for repair.</param>
/// <param name="Targets">Names of the targets that hold the manifest.</param>
public sealed record StoredManifest(Manifest Manifest, SignedDocument Document, IReadOnlyList<string> Targets);
