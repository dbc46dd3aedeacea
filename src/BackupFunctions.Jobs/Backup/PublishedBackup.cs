using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Backup;

/// <param name="Manifest">What the targets have.</param>
/// <param name="Document">The same bytes, with their signature.</param>
internal sealed record PublishedBackup(Manifest Manifest, SignedDocument Document);
