using System.IO.Enumeration;
using System.Runtime.InteropServices;

namespace BackupFunctions.Storage.Local;

/// <summary>
/// Walks the folders in the order that S3 lists keys in. A folder sorts as its name with the slash behind it: "a-b" stands before "a/b",
/// although "a" stands before "a-b".
/// </summary>
internal static class LocalListing
{
    /// <summary>What .NET gives for a file that went between being named and being looked at.</summary>
    private static readonly DateTimeOffset NoTime = new(DateTime.FromFileTimeUtc(0));

    private static readonly EnumerationOptions AllButLinks = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    public static IEnumerable<StoredObject> Objects(LocalRoot root, string prefix)
    {
        var folderKey = prefix[..(prefix.LastIndexOf('/') + 1)];
        return Walk(root, folderKey, prefix);
    }

    public static IEnumerable<string> Folders(LocalRoot root, string prefix) =>
        Entries(root, prefix, nameBegin: string.Empty).Where(entry => entry.IsFolder).Select(entry => entry.Name[..^1]);

    private static IEnumerable<StoredObject> Walk(LocalRoot root, string folderKey, string prefix)
    {
        var entries = Entries(root, folderKey, folderKey.Length < prefix.Length ? prefix[folderKey.Length..] : string.Empty);
        while (entries.TryDequeue(out var entry))
        {
            var key = folderKey + entry.Name;
            if (!entry.IsFolder)
            {
                yield return new StoredObject(key, entry.Size, entry.At);
            }
            else
            {
                foreach (var found in Walk(root, key, prefix))
                {
                    yield return found;
                }
            }
        }
    }

    /// <summary>
    /// One folder's entries; a folder removed meanwhile has none. As small as they can be, since a folder of write-ahead log has hundreds of
    /// thousands of them; what was taken is not held any longer.
    /// </summary>
    private static Queue<Entry> Entries(LocalRoot root, string folderKey, string nameBegin)
    {
        try
        {
            var entries = new List<Entry>(new FileSystemEnumerable<Entry>(root.FileOf(folderKey), Describe, AllButLinks)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                    entry.FileName.StartsWith(nameBegin, StringComparison.Ordinal) && ObjectKey.IsValidBelow(folderKey, entry.FileName),
            });
            entries.RemoveAll(entry => !entry.IsFolder && entry.At == NoTime);
            entries.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
            return new Queue<Entry>(entries);
        }
        catch (DirectoryNotFoundException)
        {
            return new Queue<Entry>();
        }
    }

    private static Entry Describe(ref FileSystemEntry entry) => entry.IsDirectory
        ? new Entry(string.Concat(entry.FileName, "/"), 0, NoTime)
        : new Entry(entry.FileName.ToString(), entry.Length, entry.LastWriteTimeUtc);

    /// <param name="Name">That of a folder ends in a slash.</param>
    /// <param name="Size">Bytes.</param>
    /// <param name="At">UTC.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(string Name, long Size, DateTimeOffset At)
    {
        public bool IsFolder => Name.EndsWith('/');
    }
}
