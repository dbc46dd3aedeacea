using System.IO.Enumeration;

namespace BackupFunctions.Storage.Local;

/// <summary>
/// Walks the folders in the order that S3 lists keys in. A folder sorts as its name with the slash behind it: "a-b" stands before "a/b",
/// although "a" stands before "a-b".
/// </summary>
internal static class LocalListing
{
    private static readonly EnumerationOptions AllButLinks = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    public static IEnumerable<StoredObject> Objects(LocalRoot root, string prefix)
    {
        var folderKey = prefix[..(prefix.LastIndexOf('/') + 1)];
        return Walk(root, folderKey, prefix);
    }

    public static IEnumerable<string> Folders(LocalRoot root, string prefix) => Entries(root, prefix).Where(IsFolder).Select(entry => entry[..^1]);

    private static IEnumerable<StoredObject> Walk(LocalRoot root, string folderKey, string prefix)
    {
        var entries = Entries(root, folderKey);
        while (entries.TryDequeue(out var entry))
        {
            var key = folderKey + entry;
            var matches = key.StartsWith(prefix, StringComparison.Ordinal);
            if (!IsFolder(entry))
            {
                if (matches && Describe(key, new FileInfo(root.FileOf(key))) is { } found)
                {
                    yield return found;
                }
            }
            else if (matches || prefix.StartsWith(key, StringComparison.Ordinal))
            {
                foreach (var found in Walk(root, key, prefix))
                {
                    yield return found;
                }
            }
        }
    }

    /// <summary>
    /// Names of one folder's entries, those of folders ending in a slash; a folder removed meanwhile has none. Names alone, since a folder
    /// of write-ahead log has hundreds of thousands of them; what was taken is not held any longer.
    /// </summary>
    private static Queue<string> Entries(LocalRoot root, string folderKey)
    {
        try
        {
            var names = new List<string>(new FileSystemEnumerable<string>(
                root.FileOf(folderKey), (ref FileSystemEntry entry) => entry.IsDirectory ? string.Concat(entry.FileName, "/") : entry.FileName.ToString(), AllButLinks)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => ObjectKey.IsValidBelow(folderKey, entry.FileName),
            });
            names.Sort(StringComparer.Ordinal);
            return new Queue<string>(names);
        }
        catch (DirectoryNotFoundException)
        {
            return new Queue<string>();
        }
    }

    private static bool IsFolder(string entry) => entry.EndsWith('/');

    private static StoredObject? Describe(string key, FileInfo file)
    {
        try
        {
            return new StoredObject(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
