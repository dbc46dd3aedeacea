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

    public static IEnumerable<string> Folders(LocalRoot root, string prefix) =>
        Entries(root, prefix).Where(name => name.EndsWith('/')).Select(name => name[..^1]);

    private static IEnumerable<StoredObject> Walk(LocalRoot root, string folderKey, string prefix)
    {
        foreach (var name in Entries(root, folderKey))
        {
            var key = folderKey + name;
            var matches = key.StartsWith(prefix, StringComparison.Ordinal);
            if (!name.EndsWith('/'))
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
    /// Names of one folder's entries, those of folders ending in a slash; a folder removed meanwhile has none. Names alone, because a timeline
    /// of archived log has a hundred thousand of them.
    /// </summary>
    private static List<string> Entries(LocalRoot root, string folderKey)
    {
        try
        {
            List<string> names =
            [
                .. new FileSystemEnumerable<string>(
                    root.FileOf(folderKey), (ref FileSystemEntry entry) => entry.IsDirectory ? string.Concat(entry.FileName, "/") : entry.FileName.ToString(), AllButLinks),
            ];
            names.RemoveAll(name => !ObjectKey.IsValid(folderKey + name.TrimEnd('/')) || (folderKey.Length == 0 && name is "lost+found/"));
            names.Sort(StringComparer.Ordinal);
            return names;
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

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
