using BackupFunctions.Archive.Compression;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Backup;

internal static class BackupCompression
{
    private const int GzipLevel = 9;

    /// <summary>As the settings say; without a level there, the method's default.</summary>
    public static CompressionOptions Of(BackupSettings settings)
    {
        var method = CompressionOptions.Parse(settings.Compression);
        return new CompressionOptions(method, settings.CompressionLevel ?? (method == CompressionMethod.Zstd ? CompressionOptions.Default.Level : GzipLevel));
    }

    /// <summary>Of write-ahead log.</summary>
    public static CompressionOptions OfLog(BackupSettings settings) => new(CompressionOptions.Parse(settings.Compression), settings.Wal.CompressionLevel);
}
