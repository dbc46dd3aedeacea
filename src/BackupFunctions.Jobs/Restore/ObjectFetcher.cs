using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Reading;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Failover;

namespace BackupFunctions.Jobs.Restore;

/// <summary>
/// Fetches one object: its bytes go on at the next target when one fails; a copy that turns out to be damaged is left and the whole object
/// taken from another. Nothing unauthenticated reaches the taker, and its hash is that of the signed manifest or the fetch fails.
/// </summary>
internal sealed class ObjectFetcher
{
    private readonly Manifest _manifest;
    private readonly DataKey _key;
    private readonly FailoverReader _failover;
    private readonly IJobReporter _reporter;
    private readonly CompressionMethod _compression;

    public ObjectFetcher(Manifest manifest, DataKey key, FailoverReader failover, IJobReporter reporter)
    {
        _manifest = manifest;
        _key = key;
        _failover = failover;
        _reporter = reporter;
        _compression = CompressionOptions.Parse(manifest.Compression);
    }

    /// <param name="item">The object.</param>
    /// <param name="take">Reads the plaintext to its end; called again from the start when a copy was damaged. What it throws itself ends the fetch.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StorageException">No target has a copy that can be read and verifies.</exception>
    public async Task FetchAsync(ManifestObject item, Func<Stream, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        var choice = new CopyChoice();
        while (true)
        {
            await using var ciphertext = await OpenAsync(item, choice, cancellationToken);
            try
            {
                await ReadAsync(item, ciphertext, take, cancellationToken);
                return;
            }
            catch (DamagedCopyException e)
            {
                choice.Damaged(ciphertext.TargetsUsed);
                foreach (var target in ciphertext.TargetsUsed)
                {
                    _failover.Suspect(target, e.Message);
                }

                _reporter.Failover($"{item.Name} from {string.Join(", ", ciphertext.TargetsUsed)} is damaged and is taken from another target: {e.Message}");
            }
        }
    }

    private async Task<FailoverStream> OpenAsync(ManifestObject item, CopyChoice choice, CancellationToken cancellationToken)
    {
        var key = StorageKeys.Object(_manifest.Cluster, _manifest.BackupId, item.Name);
        try
        {
            return await _failover.OpenAsync(key, item.Size, choice.Excluded, cancellationToken);
        }
        catch (StorageException) when (choice.TryDoubtful())
        {
            return await _failover.OpenAsync(key, item.Size, choice.Excluded, cancellationToken);
        }
    }

    private async Task ReadAsync(
        ManifestObject item, FailoverStream ciphertext, Func<Stream, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        await using var counted = new CountingStream(ciphertext, bytes =>
        {
            _reporter.AddBytes(bytes);
            _reporter.Target(ciphertext.TargetsUsed[^1]);
        });
        await using var reader = ArchiveObjectReader.Open(counted, _key, item.Aad, _compression);
        await using var plain = new CopyStream(reader);
        await take(plain, cancellationToken);
        await plain.CopyToAsync(Stream.Null, cancellationToken);
        if (!string.Equals(reader.CiphertextSha256, item.Sha256, StringComparison.Ordinal))
        {
            throw new DamagedCopyException($"{item.Name} has another SHA-256 than the signed manifest says.");
        }
    }
}
