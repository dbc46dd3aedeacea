namespace BackupFunctions.Archive.Compression;

/// <summary>Both open with a tool that every distribution has.</summary>
public enum CompressionMethod
{
    Zstd,
    Gzip,
}
