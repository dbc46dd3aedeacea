using System.Buffers;
using System.Security.Cryptography;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Verify;

/// <summary>Size and SHA-256 of a stored object, read as a stream.</summary>
internal static class ObjectHash
{
    private const int BlockSize = 256 * 1024;

    /// <inheritdoc cref="ReadAsync(Task{Stream}, Action{int}, CancellationToken)"/>
    public static Task<(long Size, string Sha256)> ReadAsync(IStorageTarget target, string key, Action<int> onRead, CancellationToken cancellationToken) =>
        ReadAsync(target.OpenReadAsync(key, offset: 0, cancellationToken), onRead, cancellationToken);

    /// <param name="opening">The object from its begin.</param>
    /// <param name="onRead">Learns of every block's bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Bytes, and the hash in hex.</returns>
    public static async Task<(long Size, string Sha256)> ReadAsync(Task<Stream> opening, Action<int> onRead, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var stream = await opening;
            long size = 0;
            int read;
            while ((read = await stream.ReadAsync(block.AsMemory(0, BlockSize), cancellationToken)) > 0)
            {
                hash.AppendData(block, 0, read);
                size += read;
                onRead(read);
            }

            return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
