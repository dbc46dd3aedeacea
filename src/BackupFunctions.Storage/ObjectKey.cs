using System.Buffers;
using BackupFunctions.Contracts;

namespace BackupFunctions.Storage;

/// <summary>
/// What a key may look like: names of printable ASCII joined by '/', safe as S3 keys, as files and in URLs alike, so that a key out of
/// an altered manifest cannot leave its target. Checked before any target is asked.
/// </summary>
internal static class ObjectKey
{
    /// <summary>Bytes; the limit of S3.</summary>
    public const int MaximumLength = 1024;

    /// <summary>Bytes of one name between slashes; the limit of Linux file systems.</summary>
    public const int MaximumNameLength = 255;

    /// <summary>Where unfinished uploads of a local target lie; no key may begin with it.</summary>
    public const string Reserved = ".uploading";

    /// <summary>Of the file system, at the top of a disk.</summary>
    private const string LostAndFound = "lost+found";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.=+,@()~!");

    private static readonly HashSet<string> DeviceNames = new(
        ["CON", "PRN", "AUX", "NUL", .. Numbered("COM"), .. Numbered("LPT")], StringComparer.OrdinalIgnoreCase);

    /// <exception cref="StorageException">The key cannot be stored (target.refused).</exception>
    public static void Validate(string target, string key)
    {
        if (Problem(key) is { } problem)
        {
            throw Refused(target, key, problem);
        }
    }

    /// <summary>A prefix may be empty and may end anywhere, after a slash or within a name.</summary>
    /// <exception cref="StorageException">No key can begin with it (target.refused).</exception>
    public static void ValidatePrefix(string target, string prefix)
    {
        // What follows the last slash may still grow into an allowed name, so only its characters count.
        var slash = prefix.LastIndexOf('/');
        if ((slash >= 0 && Problem(prefix[..slash]) is not null) || prefix.AsSpan(slash + 1).ContainsAnyExcept(Allowed))
        {
            throw Refused(target, prefix, "no key can begin with it");
        }
    }

    public static bool IsValid(string key) => Problem(key) is null;

    /// <summary>Whether a name found in a folder of a local target makes a key; asked for every file, so without making one.</summary>
    /// <param name="folderKey">Of valid names, each with its slash behind it; empty for the top.</param>
    public static bool IsValidBelow(string folderKey, ReadOnlySpan<char> name) =>
        folderKey.Length + name.Length <= MaximumLength
        && ProblemOfName(name) is null
        && (folderKey.Length > 0 || (!name.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase) && !name.SequenceEqual(LostAndFound)));

    private static StorageException Refused(string target, string key, string problem)
    {
        var shown = new string([.. key.Take(80).Select(c => char.IsControl(c) ? '?' : c)]);
        return new(ErrorCodes.TargetRefused, target, $"The object key '{shown}' is not allowed: {problem}.");
    }

    private static string? Problem(string key)
    {
        if (key.Length is 0 or > MaximumLength)
        {
            return $"it needs 1 to {MaximumLength} characters";
        }

        foreach (var range in key.AsSpan().Split('/'))
        {
            if (ProblemOfName(key.AsSpan()[range]) is { } problem)
            {
                return problem;
            }
        }

        return key.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase) ? $"{Reserved} is reserved" : null;
    }

    private static string? ProblemOfName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaximumNameLength)
        {
            return $"each name between slashes needs 1 to {MaximumNameLength} characters";
        }

        if (name.IndexOfAnyExcept(Allowed) >= 0)
        {
            return "it holds a character outside letters, digits and -_.=+,@()~!";
        }

        if (name[^1] == '.')
        {
            return "a name may not end in a dot";
        }

        var stem = name.IndexOf('.') is var dot and > 0 ? name[..dot] : name;
        return DeviceNames.Contains(stem.ToString()) ? "it holds a name that Windows reserves for devices" : null;
    }

    private static IEnumerable<string> Numbered(string name) => Enumerable.Range(1, 9).Select(n => $"{name}{n}");
}
