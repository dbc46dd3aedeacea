namespace BackupFunctions.Archive.Manifests;

/// <summary>Paths of files in a dump folder or base backup, as contents list them.</summary>
public static class DumpPaths
{
    private const int LongestPath = 1024;

    /// <summary>Relative, with '/', every segment a plain name (<see cref="IsPlainName"/>).</summary>
    public static bool IsValid(string? path) => path is { Length: <= LongestPath } && path.Split('/').All(IsPlainName);

    /// <summary>One name without separators: no ".", "..", backslash, control character, at most 255 characters.</summary>
    public static bool IsPlainName(string? name) =>
        name is { Length: > 0 and <= 255 } and not "." and not ".."
        && !name.Any(character => character is '/' or '\\' || char.IsControl(character));
}
