using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Restore;

/// <param name="Manifest">Signature checked when it was fetched.</param>
/// <param name="Document">Its very bytes.</param>
/// <param name="Contents">Decrypted.</param>
internal sealed record FetchedBackup(Manifest Manifest, SignedDocument Document, BackupContents Contents);
