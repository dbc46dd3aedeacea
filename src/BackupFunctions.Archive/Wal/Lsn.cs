using System.Globalization;

namespace BackupFunctions.Archive.Wal;

/// <summary>Positions in the write-ahead log as PostgreSQL prints them (pg_lsn): two hexadecimal numbers of 32 bits.</summary>
public static class Lsn
{
    /// <returns>For example 0/16B3748.</returns>
    public static string Format(ulong lsn) => string.Create(CultureInfo.InvariantCulture, $"{lsn >> 32:X}/{lsn & uint.MaxValue:X}");

    public static bool IsValid(string? text) => TryParse(text, out _);

    public static bool TryParse(string? text, out ulong lsn)
    {
        lsn = 0;
        if (text?.IndexOf('/', StringComparison.Ordinal) is not (> 0 and <= 8 and var slash)
            || !TryPart(text.AsSpan(0, slash), out var high)
            || !TryPart(text.AsSpan(slash + 1), out var low))
        {
            return false;
        }

        lsn = ((ulong)high << 32) | low;
        return true;
    }

    /// <exception cref="FormatException">The text is no position.</exception>
    public static ulong Parse(string text) => TryParse(text, out var lsn) ? lsn : throw new FormatException("Not a position in the write-ahead log, which looks like 0/16B3748.");

    private static bool TryPart(ReadOnlySpan<char> text, out uint part)
    {
        part = 0;
        return text.Length is > 0 and <= 8 && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out part);
    }
}
