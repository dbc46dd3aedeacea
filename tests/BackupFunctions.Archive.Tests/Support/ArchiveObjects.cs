using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Reading;
using BackupFunctions.Archive.Writing;

namespace BackupFunctions.Archive.Tests.Support;

internal static class ArchiveObjects
{
    public const string Aad = "pgdr:v1:main:20261121T020000123Z-9f3c01ab:data/000001.tink:1";

    public static CompressionOptions Gzip { get; } = new(CompressionMethod.Gzip, 6);

    public static async Task<(byte[] Ciphertext, ArchiveObjectResult Result)> WriteAsync(
        byte[] plain, DataKey key, string aad = Aad, CompressionOptions? compression = null, int chunk = 64 * 1024)
    {
        using var ciphertext = new MemoryStream();
        await using var writer = ArchiveObjectWriter.Create(key, aad, compression ?? CompressionOptions.Default, ciphertext.WriteAsync);
        for (var start = 0; start < plain.Length; start += chunk)
        {
            await writer.WriteAsync(plain.AsMemory(start, Math.Min(chunk, plain.Length - start)), CancellationToken.None);
        }

        var result = await writer.CompleteAsync(CancellationToken.None);
        return (ciphertext.ToArray(), result);
    }

    public static async Task<byte[]> ReadAsync(
        byte[] ciphertext, DataKey key, string aad = Aad, CompressionMethod method = CompressionMethod.Zstd)
    {
        await using var reader = ArchiveObjectReader.Open(new MemoryStream(ciphertext), key, aad, method);
        return await ReadToEndAsync(reader);
    }

    public static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
