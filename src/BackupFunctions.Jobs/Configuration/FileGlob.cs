using System.IO.Enumeration;

namespace BackupFunctions.Jobs.Configuration;

/// <summary>Files that an absolute pattern names: * and ? within a name, ** for any depth. Links to folders are not followed.</summary>
internal static class FileGlob
{
    private const string AnyDepth = "**";

    /// <summary>The folder before the first wildcard: what is found is meant to lie in it.</summary>
    public static string Root(string pattern) => "/" + string.Join('/', Segments(pattern).SkipLast(1).TakeWhile(static part => !part.AsSpan().ContainsAny('*', '?')));

    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public static IEnumerable<string> Find(string pattern)
    {
        var root = Root(pattern);
        var rest = Segments(pattern)[Segments(root).Length..];
        return Directory.Exists(root) ? Find(root, rest) : [];
    }

    private static IEnumerable<string> Find(string folder, string[] segments)
    {
        if (segments is [AnyDepth, .. var below])
        {
            return Find(folder, below.Length == 0 ? ["*"] : below)
                .Concat(Folders(folder, "*").SelectMany(inner => Find(inner, segments)))
                .Distinct(StringComparer.Ordinal);
        }

        return segments.Length == 1
            ? Directory.EnumerateFileSystemEntries(folder)
                .Where(entry => Matches(segments[0], entry) && !IsFolder(entry))
                .Order(StringComparer.Ordinal)
            : Folders(folder, segments[0]).SelectMany(inner => Find(inner, segments[1..]));
    }

    private static IEnumerable<string> Folders(string folder, string segment) =>
        Directory.EnumerateDirectories(folder).Where(inner => Matches(segment, inner) && new DirectoryInfo(inner).LinkTarget is null).Order(StringComparer.Ordinal);

    private static bool IsFolder(string entry) => Directory.Exists(entry);

    private static bool Matches(string segment, string path) => FileSystemName.MatchesSimpleExpression(segment, Path.GetFileName(path), ignoreCase: false);

    private static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
