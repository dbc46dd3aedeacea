namespace BackupFunctions.Storage.Resume;

/// <summary>What an object has to be, known before its first byte is sent: from a signed manifest.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of all bytes, 64 hexadecimal digits in lower case.</param>
public sealed record ExpectedObject(long Size, string Sha256);
