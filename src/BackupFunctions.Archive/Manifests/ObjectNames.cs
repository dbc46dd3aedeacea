using System.Globalization;
using System.Text.RegularExpressions;

namespace BackupFunctions.Archive.Manifests;

/// <summary>Names of objects below a backup's folder: safe in every object store and file system.</summary>
public static partial class ObjectNames
{
    public const string Contents = "contents.tink";

    /// <summary>Characters.</summary>
    public const int LongestName = 200;

    /// <param name="number">From 1.</param>
    /// <returns>For example data/000001.tink.</returns>
    public static string Data(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        return string.Create(CultureInfo.InvariantCulture, $"data/{number:D6}.tink");
    }

    /// <summary>
    /// Segments of a-z, 0-9, '.', '_', '-' that start with a letter or digit, joined by '/'. So nothing absolute, no "..",
    /// no backslash, NUL or percent sign; device names of Windows are refused as well.
    /// </summary>
    public static bool IsValid(string? name) =>
        name is not null && name.Length <= LongestName && Shape().IsMatch(name) && !WindowsDevice().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Shape();

    [GeneratedRegex(@"(\A|/)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|/|\z)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex WindowsDevice();
}
