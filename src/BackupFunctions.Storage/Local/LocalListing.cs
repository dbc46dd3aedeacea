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
        Entries(root, prefix).Where(entry => entry.Info is DirectoryInfo).Select(entry => entry.Key[prefix.Length..^1]);

    private static IEnumerable<StoredObject> Walk(LocalRoot root, string folderKey, string prefix)
    {
        foreach (var (key, info) in Entries(root, folderKey))
        {
            var matches = key.StartsWith(prefix, StringComparison.Ordinal);
            if (info is FileInfo file)
            {
                if (matches && Describe(key, file) is { } found)
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

    /// <summary>One folder's entries as keys, those of folders ending in a slash; a folder removed meanwhile has none.</summary>
    private static IEnumerable<(string Key, FileSystemInfo Info)> Entries(LocalRoot root, string folderKey)
    {
        var folder = new DirectoryInfo(root.FileOf(folderKey));
        try
        {
            return [.. folder.EnumerateFileSystemInfos("*", AllButLinks)
                .Select(info => (Key: folderKey + info.Name + (info is DirectoryInfo ? "/" : ""), Info: info))
                .Where(entry => ObjectKey.IsValid(entry.Key.TrimEnd('/')) && entry.Key is not "lost+found/")
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)];
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
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
