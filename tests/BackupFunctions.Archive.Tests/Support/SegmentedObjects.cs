using BackupFunctions.Archive.Encryption;

namespace BackupFunctions.Archive.Tests.Support;

/// <summary>The encryption alone, with any parameters: Tink publishes its vectors with small segments.</summary>
internal static class SegmentedObjects
{
    public const string Aad = "aad";

    /// <summary>Many segments in few bytes.</summary>
    public static StreamingParameters Small { get; } = StreamingParameters.Aes256GcmHkdf1Mb with { SegmentSize = 64 };

    public static async Task<byte[]> SealAsync(
        StreamingParameters parameters, byte[] plain, DataKey key, string aad = Aad, byte[]? header = null, int chunk = 7)
    {
        using var ciphertext = new MemoryStream();
        await using var stream = new SegmentEncryptionStream(parameters, key, aad, ciphertext.WriteAsync, header);
        for (var start = 0; start < plain.Length; start += chunk)
        {
            await stream.WriteAsync(plain.AsMemory(start, Math.Min(chunk, plain.Length - start)));
        }

        await stream.CompleteAsync(CancellationToken.None);
        return ciphertext.ToArray();
    }

    public static async Task<byte[]> OpenAsync(StreamingParameters parameters, byte[] ciphertext, DataKey key, string aad = Aad)
    {
        await using var stream = new SegmentDecryptionStream(parameters, new MemoryStream(ciphertext), key, aad);
        return await ArchiveObjects.ReadToEndAsync(stream);
    }

    public static Func<long, Memory<byte>, CancellationToken, ValueTask> ReadAt(byte[] ciphertext) => (offset, memory, _) =>
    {
        ciphertext.AsMemory((int)offset, memory.Length).CopyTo(memory);
        return ValueTask.CompletedTask;
    };
}
