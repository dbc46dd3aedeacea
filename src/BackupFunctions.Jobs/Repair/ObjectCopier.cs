using System.Buffers;
using System.Security.Cryptography;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Resume;

namespace BackupFunctions.Jobs.Repair;

/// <summary>Copies the ciphertext of one object between targets; it needs no key, since the signed manifest has its SHA-256.</summary>
internal static class ObjectCopier
{
    private const int BlockSize = 256 * 1024;

    /// <summary>
    /// Nothing becomes visible unless every byte is the signed one. What an earlier attempt has sent is not sent again where the target can.
    /// </summary>
    /// <param name="sources">Tried in this order.</param>
    /// <param name="target">Takes the object; holding the same bytes already is a success.</param>
    /// <param name="key">The object.</param>
    /// <param name="item">What it has to be.</param>
    /// <param name="onCopied">Learns of every block's bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StorageException">No source served it whole, or the target does not take it.</exception>
    public static async Task CopyAsync(
        IReadOnlyList<ObjectSource> sources, IStorageTarget target, string key, ManifestObject item, Action<int> onCopied, CancellationToken cancellationToken)
    {
        for (var index = 0; ; index++)
        {
            try
            {
                await CopyAsync(sources[index], target, key, item, onCopied, cancellationToken);
                return;
            }
            catch (StorageException e) when (index + 1 < sources.Count
                && (sources[index].VersionId is not null || !string.Equals(e.Target, target.Name, StringComparison.Ordinal)))
            {
                // The next source.
            }
        }
    }

    private static async Task CopyAsync(
        ObjectSource source, IStorageTarget target, string key, ManifestObject item, Action<int> onCopied, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var stream = await source.OpenAsync(key, cancellationToken);
            await using var writer = await target.CreateOrResumeAsync(key, new ExpectedObject(item.Size, item.Sha256), cancellationToken);
            long size = 0;
            int read;
            while ((read = await ReadAsync(source, stream, key, block.AsMemory(0, BlockSize), cancellationToken)) > 0)
            {
                hash.AppendData(block, 0, read);
                size += read;
                await writer.WriteAsync(block.AsMemory(0, read), cancellationToken);
                onCopied(read);
            }

            if (size != item.Size || !string.Equals(Convert.ToHexStringLower(hash.GetHashAndReset()), item.Sha256, StringComparison.Ordinal))
            {
                throw new StorageException(
                    ErrorCodes.ObjectDamaged, source.Target.Name, $"{key} on {source.Name} is not what was signed any more: it was not copied to '{target.Name}'.");
            }

            await writer.CompleteAsync(cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static async ValueTask<int> ReadAsync(ObjectSource source, Stream stream, string key, Memory<byte> block, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(block, cancellationToken);
        }
        catch (IOException e)
        {
            throw new StorageException(
                ErrorCodes.TargetUnreachable, source.Target.Name, $"Target '{source.Target.Name}' failed while {key} was read ({e.Message}): check its disk or connection.", e);
        }
    }
}
