using System.Buffers;
using System.Security.Cryptography;

namespace BackupFunctions.Storage.Remote;

/// <summary>
/// Settles a write that the store refused because the key is taken: either the answer to an earlier attempt was lost, or another writer
/// came first. The bytes sent are gone, so what is stored is read and compared by the hashes of the parts.
/// </summary>
internal static class StoredObjectComparison
{
    private const int BlockSize = 256 * 1024;

    /// <exception cref="StorageException">The object stored is another one (object.damaged).</exception>
    public static async Task EnsureSameAsync(
        IStorageTarget target, RemoteErrors errors, string key, IReadOnlyList<StoredPart> parts, CancellationToken cancellationToken)
    {
        await using var stored = await target.OpenReadAsync(key, 0, cancellationToken);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            using var hash = PartHash.Begin();
            foreach (var part in parts)
            {
                await AppendAsync(hash, stored, part.Size, block, cancellationToken);
                if (!CryptographicOperations.FixedTimeEquals(hash.GetHashAndReset(), part.Md5))
                {
                    throw errors.Rewritten(key);
                }
            }

            if (await stored.ReadAsync(block, cancellationToken) > 0)
            {
                throw errors.Rewritten(key);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static async Task AppendAsync(IncrementalHash hash, Stream stored, int count, byte[] block, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            var read = await stored.ReadAsync(block.AsMemory(0, Math.Min(count, BlockSize)), cancellationToken);
            if (read == 0)
            {
                return;
            }

            hash.AppendData(block, 0, read);
            count -= read;
        }
    }
}
