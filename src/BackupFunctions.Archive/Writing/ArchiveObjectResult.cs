namespace BackupFunctions.Archive.Writing;

/// <param name="PlainSize">Bytes before compression.</param>
/// <param name="PlainSha256">Hex, of the bytes before compression.</param>
/// <param name="Size">Bytes of ciphertext.</param>
/// <param name="Sha256">Hex, of the ciphertext.</param>
public sealed record ArchiveObjectResult(long PlainSize, string PlainSha256, long Size, string Sha256);
