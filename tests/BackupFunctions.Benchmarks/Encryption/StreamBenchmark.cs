using BackupFunctions.Archive.Encryption;

namespace BackupFunctions.Benchmarks.Encryption;

internal static class StreamBenchmark
{
    private const int Size = 64 << 20;
    private const int BlockSize = 256 * 1024;

    public static async Task<double> WriteAsync()
    {
        using var key = DataKey.Create();
        var plain = new byte[Size];
        return await Throughput.MeasureAsync(async () =>
        {
            await EncryptAsync(key, plain, static (_, _) => ValueTask.CompletedTask);
            return Size;
        });
    }

    public static async Task<double> ReadAsync()
    {
        using var key = DataKey.Create();
        using var ciphertext = new MemoryStream();
        await EncryptAsync(key, new byte[Size], ciphertext.WriteAsync);
        var block = new byte[BlockSize];
        return await Throughput.MeasureAsync(async () =>
        {
            var source = new MemoryStream(ciphertext.GetBuffer(), 0, (int)ciphertext.Length, writable: false);
            await using var segments = new SegmentDecryptionStream(EncryptionBenchmark.Parameters, source, key, "bench");
            while (await segments.ReadAsync(block) > 0)
            {
            }

            return Size;
        });
    }

    private static async Task EncryptAsync(DataKey key, byte[] plain, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink)
    {
        await using var segments = new SegmentEncryptionStream(EncryptionBenchmark.Parameters, key, "bench", sink);
        for (var offset = 0; offset < plain.Length; offset += BlockSize)
        {
            await segments.WriteAsync(plain.AsMemory(offset, BlockSize));
        }

        await segments.CompleteAsync(CancellationToken.None);
    }
}
