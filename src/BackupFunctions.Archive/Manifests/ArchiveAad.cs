using System.Globalization;
using System.Text.RegularExpressions;

namespace BackupFunctions.Archive.Manifests;

/// <summary>Associated data of an object: ASCII text that ties the ciphertext to its place, so that objects cannot be swapped.</summary>
public static partial class ArchiveAad
{
    /// <param name="part">Position of the object's content among the parts of one larger whole, from 1.</param>
    /// <returns>pgdr:v1:cluster:backup id:object name:part</returns>
    public static string ForObject(string cluster, string backupId, string objectName, int part = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 1);
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix(cluster, backupId, objectName)}{part}");
    }

    /// <param name="systemIdentifier">Of the server.</param>
    /// <param name="subject">See <see cref="Wal.WalObjectName.Subject"/>: it has timeline, segment and epoch.</param>
    /// <returns>pgdr:v1:cluster:wal:system id:subject</returns>
    public static string ForWal(string cluster, string systemIdentifier, string subject) => $"pgdr:v1:{cluster}:wal:{systemIdentifier}:{subject}";

    /// <summary>Whether the text is what <see cref="ForObject"/> gives for some part.</summary>
    public static bool Matches(string? aad, string cluster, string backupId, string objectName)
    {
        var prefix = Prefix(cluster, backupId, objectName);
        return aad is not null && aad.StartsWith(prefix, StringComparison.Ordinal) && PartNumber().IsMatch(aad.AsSpan(prefix.Length));
    }

    private static string Prefix(string cluster, string backupId, string objectName) => $"pgdr:v1:{cluster}:{backupId}:{objectName}:";

    [GeneratedRegex(@"\A[1-9][0-9]{0,8}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PartNumber();
}
