using BackupFunctions.Archive.Encryption;

namespace BackupFunctions.Benchmarks.Encryption;

internal static class CipherBenchmark
{
    public static double Seal()
    {
        using var cipher = Create();
        var plain = new byte[EncryptionBenchmark.Parameters.SegmentPlainSize];
        var ciphertext = new byte[EncryptionBenchmark.Parameters.SegmentSize];
        long segment = 0;
        return Throughput.Measure(() =>
        {
            cipher.Seal(segment++, last: false, plain, ciphertext);
            return plain.Length;
        });
    }

    public static double Open()
    {
        using var cipher = Create();
        var plain = new byte[EncryptionBenchmark.Parameters.SegmentPlainSize];
        var ciphertext = new byte[EncryptionBenchmark.Parameters.SegmentSize];
        cipher.Seal(1, last: false, plain, ciphertext);
        return Throughput.Measure(() =>
        {
            cipher.Open(1, last: false, ciphertext, plain);
            return plain.Length;
        });
    }

    private static SegmentCipher Create()
    {
        var header = new byte[EncryptionBenchmark.Parameters.HeaderSize];
        SegmentCipher.FillHeader(EncryptionBenchmark.Parameters, header);
        return new SegmentCipher(EncryptionBenchmark.Parameters, new byte[32], header, "bench"u8);
    }
}
