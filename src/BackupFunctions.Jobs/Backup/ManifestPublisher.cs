using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.RecoveryKit;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;

namespace BackupFunctions.Jobs.Backup;

/// <summary>Makes a backup exist: recovery kit, signature, and last the manifest, the same bytes on every target.</summary>
internal sealed class ManifestPublisher
{
    private readonly FanOutSession _session;
    private readonly string _cluster;
    private readonly string _stateFolder;

    public ManifestPublisher(FanOutSession session, string cluster, string stateFolder)
    {
        _session = session;
        _cluster = cluster;
        _stateFolder = stateFolder;
    }

    public async Task PublishAsync(Manifest manifest, SignedDocument document, SigningKey signingKey, CancellationToken cancellationToken)
    {
        // Kept before the first target gets it, so that every target gets the same bytes whatever happens in between.
        await KeepAsync(document, cancellationToken);

        await PutRecoveryKitAsync(signingKey, cancellationToken);
        await _session.PutAllAsync(StorageKeys.ManifestSignature(_cluster, manifest.BackupId), document.Signature, cancellationToken);
        await _session.PutAllAsync(StorageKeys.Manifest(_cluster, manifest.BackupId), document.Json, cancellationToken);
    }

    private async Task KeepAsync(SignedDocument document, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(_stateFolder, JobFolders.OwnerOnly);
            await File.WriteAllBytesAsync(Path.Combine(_stateFolder, "manifest.json"), document.Json, cancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(_stateFolder, "manifest.sig"), document.Signature, cancellationToken);
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            throw JobFolders.Explain(_stateFolder, "RUN_STORE_PATH", e);
        }
    }

    /// <summary>Written once for a target; an existing kit is not touched.</summary>
    private async Task PutRecoveryKitAsync(SigningKey signingKey, CancellationToken cancellationToken)
    {
        foreach (var target in _session.Alive)
        {
            try
            {
                foreach (var (name, bytes) in RecoveryKitFiles.All(signingKey.PublicPem))
                {
                    var key = StorageKeys.RecoveryKit(name);
                    if (await target.FindAsync(key, cancellationToken) is null)
                    {
                        await using var writer = await target.CreateAsync(key, cancellationToken);
                        await writer.WriteAsync(bytes, cancellationToken);
                        await writer.CompleteAsync(cancellationToken);
                    }
                }
            }
            catch (StorageException)
            {
                // The manifest that follows goes to the same target and decides whether it counts.
            }
        }
    }
}
