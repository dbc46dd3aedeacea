using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Compression;

/// <param name="Method">Written into the manifest as zstd or gzip.</param>
/// <param name="Level">zstd 1 to 19 (memory a writer: 3.5 MiB at 3, 90 MiB at 19), gzip 1 to 9; what .NET offers for gzip is coarser: 1 to 3 fastest, 4 to 8 optimal, 9 smallest.</param>
public sealed record CompressionOptions(CompressionMethod Method, int Level)
{
    private const string Zstd = "zstd";
    private const string Gzip = "gzip";

    public static CompressionOptions Default { get; } = new(CompressionMethod.Zstd, 3);

    /// <summary>The method's name in manifests and settings.</summary>
    public string Name => Format(Method);

    public static string Format(CompressionMethod method) => method switch
    {
        CompressionMethod.Zstd => Zstd,
        CompressionMethod.Gzip => Gzip,
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Unknown compression method."),
    };

    /// <exception cref="ArchiveException">settings.invalid: not a name of a method.</exception>
    public static CompressionMethod Parse(string name) =>
        TryParse(name, out var method)
            ? method
            : throw new ArchiveException(ErrorCodes.InvalidSettings, $"Compression '{name}' is not known; use zstd or gzip.");

    public static bool TryParse(string? name, out CompressionMethod method)
    {
        method = name is Gzip ? CompressionMethod.Gzip : CompressionMethod.Zstd;
        return name is Zstd or Gzip;
    }

    /// <exception cref="ArchiveException">settings.invalid: the method has no such level.</exception>
    internal void Validate()
    {
        var highest = Method == CompressionMethod.Zstd ? ZstdLibrary.HighestLevel : 9;
        if (Level < 1 || Level > highest)
        {
            throw new ArchiveException(ErrorCodes.InvalidSettings, $"{Name} has no level {Level}; use 1 to {highest}.");
        }
    }
}
