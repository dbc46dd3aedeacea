using System.Text;

namespace BackupFunctions.EndToEnd.Tests.Security;

/// <summary>Looks for texts in files of any kind, block by block.</summary>
internal static class ByteSearch
{
    private const int Block = 1 << 20;

    /// <summary>Each file below the folder that holds one of the texts, with the text's name.</summary>
    public static IReadOnlyList<string> Find(string folder, IReadOnlyDictionary<string, string> texts)
    {
        var found = new List<string>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            found.AddRange(FindIn(path, texts).Select(name => $"{name} in {path}"));
        }

        return found;
    }

    private static IEnumerable<string> FindIn(string path, IReadOnlyDictionary<string, string> texts)
    {
        using var file = File.OpenRead(path);
        var overlap = texts.Values.Max(Encoding.UTF8.GetByteCount);
        var block = new byte[Block + overlap];
        var kept = 0;
        var found = new HashSet<string>(StringComparer.Ordinal);
        int read;
        while ((read = file.Read(block, kept, Block)) > 0)
        {
            var filled = block.AsSpan(0, kept + read);
            foreach (var (name, text) in texts)
            {
                if (filled.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0)
                {
                    found.Add(name);
                }
            }

            kept = Math.Min(overlap, filled.Length);
            filled[^kept..].CopyTo(block);
        }

        return found;
    }
}
