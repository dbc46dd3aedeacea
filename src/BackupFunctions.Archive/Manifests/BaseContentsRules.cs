using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Manifests;

/// <summary>What the contents of a base backup must keep to, so that nothing is written outside of the data directory.</summary>
internal static class BaseContentsRules
{
    /// <returns>The first rule they break, as part of a sentence; null when they are sound.</returns>
    public static string? FindProblem(BaseContents contents)
    {
        if (ContentsRules.FindProblem(contents.Parts) is { } problem)
        {
            return problem;
        }

        var directories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var directory in contents.Directories)
        {
            if (!IsSound(directory) || !HasParent(directory.Path, directories) || !directories.Add(directory.Path))
            {
                return "a directory's path or mode is not allowed";
            }
        }

        return !UnixModes.IsValid(contents.FileMode) || !contents.Files.All(IsSound) ? "a file's path or mode is not allowed"
            : contents.Parts.Any(part => part.Path is { } path && (directories.Contains(path) || !HasParent(path, directories))) ? "a file has no directory"
            : contents.Parts.Count(part => part.Path is BasePaths.ControlFile) != 1 ? $"{BasePaths.ControlFile} is not an object of its own"
            : FindProblem(contents.Tablespaces, directories);
    }

    private static string? FindProblem(IReadOnlyList<BaseTablespace> tablespaces, HashSet<string> directories) =>
        tablespaces.DistinctBy(tablespace => tablespace.Oid).Count() != tablespaces.Count ? "a tablespace is listed twice"
            : tablespaces.All(tablespace => IsSound(tablespace) && directories.Contains(BasePaths.OfTablespace(tablespace.Oid))) ? null
            : "a tablespace's number, location or directory is not allowed";

    private static bool IsSound(BaseTablespace tablespace) =>
        tablespace.Oid is > 0 and <= uint.MaxValue && tablespace.Size >= 0
        && tablespace.Location is ['/', _, ..] location && DumpPaths.IsValid(location[1..].TrimEnd('/'));

    private static bool IsSound(BaseEntry entry) => DumpPaths.IsValid(entry.Path) && UnixModes.IsValid(entry.Mode);

    private static bool HasParent(string path, HashSet<string> directories) =>
        path.LastIndexOf('/') is var slash && (slash < 0 || directories.Contains(path[..slash]));
}
