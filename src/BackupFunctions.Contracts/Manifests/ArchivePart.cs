namespace BackupFunctions.Contracts.Manifests;

/// <summary>How one data object's plaintext maps to files of the dump folder.</summary>
/// <param name="ObjectName">Name in <see cref="Manifest.Objects"/>.</param>
/// <param name="Layout">tar: several whole small files; slice: a range of one large file.</param>
/// <param name="Path">slice: the file in the dump folder; tar: null.</param>
/// <param name="Offset">slice: bytes from the start of the file; tar: 0.</param>
/// <param name="PlainSize">Bytes after decompression.</param>
/// <param name="PlainSha256">Hex, of the decompressed bytes.</param>
public sealed record ArchivePart(string ObjectName, string Layout, string? Path, long Offset, long PlainSize, string PlainSha256)
{
    public const string Tar = "tar";
    public const string Slice = "slice";

    /// <summary>tar: the files in it; null: not listed.</summary>
    public IReadOnlyList<string>? Files { get; init; }
}
