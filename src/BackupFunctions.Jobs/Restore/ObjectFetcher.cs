using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Reading;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
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
    /// <param name="take">Reads the plaintext to its end; called again from the start when a copy was damaged.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task FetchAsync(ManifestObject item, Func<Stream, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        var damaged = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            await using var ciphertext = await _failover.OpenAsync(
                StorageKeys.Object(_manifest.Cluster, _manifest.BackupId, item.Name), item.Size, damaged, cancellationToken);
            try
            {
                await using var counted = new CountingStream(ciphertext, bytes =>
                {
                    _reporter.AddBytes(bytes);
                    _reporter.Target(ciphertext.TargetsUsed[^1]);
                });
                await using var plain = ArchiveObjectReader.Open(counted, _key, item.Aad, _compression);
                await take(plain, cancellationToken);
                await plain.CopyToAsync(Stream.Null, cancellationToken);
                if (!string.Equals(plain.CiphertextSha256, item.Sha256, StringComparison.Ordinal))
                {
                    throw new PgdrException(ErrorCodes.ObjectDamaged, $"{item.Name} has another SHA-256 than the signed manifest says.");
                }

                return;
            }
            catch (PgdrException e) when (e.Code == ErrorCodes.ObjectDamaged)
            {
                foreach (var target in ciphertext.TargetsUsed)
                {
                    damaged.Add(target);
                    _failover.Suspect(target, e.Message);
                }

                _reporter.Failover($"{item.Name} from {string.Join(", ", ciphertext.TargetsUsed)} is damaged ({e.Message}); taken from another target");
            }
        }
    }
}
