using BackupFunctions.Archive.Encryption;

namespace BackupFunctions.Benchmarks.Encryption;

/// <summary>Bytes per second of plaintext on one core, in segments of 1 MiB; each runs for about two seconds.</summary>
internal static class EncryptionBenchmark
{
    /// <summary>seal and open: AES-GCM alone, as openssl speed does it. write and read: the streams that objects go through, with SHA-256.</summary>
    public static Func<Task<double>>? Find(string work) => work switch
    {
        "seal" => () => Task.FromResult(CipherBenchmark.Seal()),
        "open" => () => Task.FromResult(CipherBenchmark.Open()),
        "write" => StreamBenchmark.WriteAsync,
        "read" => StreamBenchmark.ReadAsync,
        _ => null,
    };

    internal static StreamingParameters Parameters => StreamingParameters.Aes256GcmHkdf1Mb;
}
