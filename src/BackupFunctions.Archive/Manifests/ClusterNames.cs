using System.Text.RegularExpressions;
using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Manifests;

/// <summary>A cluster's name is a folder in every target and part of every object's associated data.</summary>
public static partial class ClusterNames
{
    public static bool IsValid(string? name) => name is not null && Shape().IsMatch(name);

    /// <exception cref="ArchiveException">settings.invalid</exception>
    public static string Require(string name) => IsValid(name)
        ? name
        : throw new ArchiveException(
            ErrorCodes.InvalidSettings, "A cluster's name has 1 to 40 of the characters a-z, 0-9 and '-': choose another one.");

    [GeneratedRegex(@"\A[a-z0-9-]{1,40}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
