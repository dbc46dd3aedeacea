using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Manifests;

/// <summary>What the parts of a backup must keep to, so that nothing is written outside of the folder and no byte is missing or twice.</summary>
internal static class ContentsRules
{
    /// <returns>The first rule they break, as part of a sentence; null when they are sound.</returns>
    public static string? FindProblem(IReadOnlyList<ArchivePart> parts) =>
        parts.Select(FindProblem).FirstOrDefault(problem => problem is not null)
        ?? (parts.DistinctBy(part => part.ObjectName, StringComparer.Ordinal).Count() != parts.Count
            ? "two parts share one object" : null)
        ?? parts
            .Where(part => part.Layout is ArchivePart.Slice)
            .GroupBy(part => part.Path, StringComparer.Ordinal)
            .Select(file => IsWhole(file) ? null : "the slices of a file leave a gap or overlap")
            .FirstOrDefault(problem => problem is not null);

    private static string? FindProblem(ArchivePart part) =>
        !ObjectNames.IsValid(part.ObjectName) ? "a part's object name is not allowed"
        : part.PlainSize < 0 || !Sha256Hex.IsValid(part.PlainSha256) ? $"size or hash of {part.ObjectName} is not valid"
        : part switch
        {
            { Layout: ArchivePart.Tar, Path: null, Offset: 0 } => null,
            { Layout: ArchivePart.Slice, Offset: >= 0 } when DumpPaths.IsValid(part.Path) => null,
            _ => $"layout, path or offset of {part.ObjectName} is not allowed",
        };

    private static bool IsWhole(IEnumerable<ArchivePart> slices)
    {
        long end = 0;
        foreach (var slice in slices.OrderBy(slice => slice.Offset).ThenBy(slice => slice.PlainSize))
        {
            if (slice.Offset != end || slice.PlainSize > long.MaxValue - end)
            {
                return false;
            }

            end += slice.PlainSize;
        }

        return true;
    }
}
