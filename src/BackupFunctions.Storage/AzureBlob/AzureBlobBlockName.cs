using System.Globalization;
using System.Text;
using BackupFunctions.Storage.Remote;

namespace BackupFunctions.Storage.AzureBlob;

/// <summary>
/// Names of blocks: 32 hexadecimal digits (of an upload, or the MD5 of the block's bytes), a dash, and the number. The service wants the
/// names of one blob's blocks in Base64 and equally long.
/// </summary>
internal static class AzureBlobBlockName
{
    private const int HexDigits = 32;
    private const int Length = HexDigits + 7;

    public static string Of(string hex, int number) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{hex}-{number:D6}")));

    /// <summary>The block as if it were named after its bytes; null: a name of somebody else's. A name of an upload never equals an MD5.</summary>
    public static StoredPart? Parse(string name, long size)
    {
        Span<byte> ascii = stackalloc byte[Length];
        if (!Convert.TryFromBase64String(name, ascii, out var written) || written != Length)
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(ascii);
        return text[..HexDigits].All(char.IsAsciiHexDigit) && text[HexDigits] is '-' && size <= int.MaxValue
            && int.TryParse(text.AsSpan(HexDigits + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new StoredPart(number, (int)size, Convert.FromHexString(text.AsSpan(0, HexDigits)), name)
            : null;
    }
}
