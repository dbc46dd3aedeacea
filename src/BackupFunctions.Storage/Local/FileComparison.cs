using System.Buffers;

namespace BackupFunctions.Storage.Local;

internal static class FileComparison
{
    private const int BlockSize = 256 * 1024;

    public static async Task<bool> AreEqualAsync(string left, string right, CancellationToken cancellationToken)
    {
        await using var a = Open(left);
        await using var b = Open(right);
        if (a.Length != b.Length)
        {
            return false;
        }

        var x = ArrayPool<byte>.Shared.Rent(BlockSize);
        var y = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            while (true)
            {
                var fromA = await a.ReadAtLeastAsync(x.AsMemory(0, BlockSize), BlockSize, throwOnEndOfStream: false, cancellationToken);
                var fromB = await b.ReadAtLeastAsync(y.AsMemory(0, BlockSize), BlockSize, throwOnEndOfStream: false, cancellationToken);
                if (!x.AsSpan(0, fromA).SequenceEqual(y.AsSpan(0, fromB)))
                {
                    return false;
                }

                if (fromA < BlockSize)
                {
                    return true;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(x);
            ArrayPool<byte>.Shared.Return(y);
        }
    }

    private static FileStream Open(string file) =>
        new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
}
