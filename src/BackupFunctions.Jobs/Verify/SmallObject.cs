using BackupFunctions.Contracts;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Verify;

/// <summary>Documents of a few kilobytes: manifests, statements, signatures.</summary>
internal static class SmallObject
{
    /// <returns>Null when the target says that it has none; one byte more than the limit when there are more.</returns>
    public static async Task<byte[]?> ReadAsync(IStorageTarget target, string key, int limit, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await target.OpenReadAsync(key, offset: 0, cancellationToken);
            using var bytes = new MemoryStream();
            var block = new byte[Math.Min(limit + 1, 16 * 1024)];
            int read;
            while (bytes.Length <= limit
                && (read = await stream.ReadAsync(block.AsMemory(0, (int)Math.Min(block.Length, limit + 1 - bytes.Length)), cancellationToken)) > 0)
            {
                bytes.Write(block, 0, read);
            }

            return bytes.ToArray();
        }
        catch (StorageException e) when (string.Equals(e.Code, ErrorCodes.ObjectAbsent, StringComparison.Ordinal))
        {
            return null;
        }
    }

    public static async Task PutAsync(IStorageTarget target, string key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await using var writer = await target.CreateAsync(key, cancellationToken);
        await writer.WriteAsync(bytes, cancellationToken);
        await writer.CompleteAsync(cancellationToken);
    }
}
