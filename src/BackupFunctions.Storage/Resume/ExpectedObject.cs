namespace BackupFunctions.Storage.Resume;

/// <summary>What an object has to be, known before its first byte is sent: from a signed manifest.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of all bytes, 64 hexadecimal digits in lower case.</param>
public sealed record ExpectedObject(long Size, string Sha256)
{
    private const int Digits = 64;

    /// <summary>As given; it may become the name of a file, so nothing else is accepted.</summary>
    public string Sha256 { get; } = Sha256.Length == Digits && Sha256.All(char.IsAsciiHexDigitLower)
        ? Sha256
        : throw new ArgumentException("A SHA-256 has 64 hexadecimal digits in lower case.", nameof(Sha256));
}
