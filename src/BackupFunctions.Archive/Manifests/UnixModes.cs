namespace BackupFunctions.Archive.Manifests;

/// <summary>Permissions as four octal digits, for example 0600.</summary>
public static class UnixModes
{
    private const int Digits = 4;

    public static bool IsValid(string? text) =>
        text is { Length: Digits } && text[0] == '0' && text.All(digit => digit is >= '0' and <= '7');

    public static string Format(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(Digits, '0');

    /// <exception cref="FormatException">The text is not valid.</exception>
    public static UnixFileMode Parse(string text) => IsValid(text)
        ? (UnixFileMode)Convert.ToInt32(text, 8)
        : throw new FormatException("Not a mode, which looks like 0600.");
}
