namespace BackupFunctions.Surface.Tests.Recording;

/// <summary>
/// Reads the listings in the folder Recorded: comments begin with #, "namespace X" holds until the next one, a type is its attributes, its
/// declaration and its members between braces; a delegate's signature is a comment line below it.
/// </summary>
internal static class RecordedListing
{
    private const string SignaturePrefix = "// public virtual ";

    private const string UnlistedFile = "Unlisted.txt";

    /// <summary>Everything, the unlisted types included.</summary>
    public static IReadOnlyList<RecordedType> ReadAll() => Read("*.txt");

    /// <summary>Types of which only name and kind are known.</summary>
    public static IReadOnlyList<RecordedType> ReadUnlisted() => Read(UnlistedFile);

    /// <exception cref="FormatException">A line is not of the format; the message names file and line.</exception>
    public static IReadOnlyList<RecordedType> Parse(string file, IEnumerable<string> lines)
    {
        var types = new List<RecordedType>();
        var attributes = new List<string>();
        List<string>? members = null;
        var inside = false;
        var space = string.Empty;
        foreach (var (index, raw) in lines.Index())
        {
            var line = raw.Trim();
            switch (line)
            {
                case "" or ['#', ..]:
                    break;
                case "{" when members is not null && !inside:
                    inside = true;
                    break;
                case "}" when inside:
                    inside = false;
                    members = null;
                    break;
                case not null when inside:
                    members!.Add(line);
                    break;
                case ['[', .., ']']:
                    attributes.Add(line);
                    break;
                case not null when line.StartsWith("namespace ", StringComparison.Ordinal):
                    space = line["namespace ".Length..];
                    break;
                case not null when line.StartsWith(SignaturePrefix, StringComparison.Ordinal) && members is [] && IsDelegate(types[^1]):
                    members.Add(line[SignaturePrefix.Length..]);
                    members = null;
                    break;
                case not null when line.StartsWith("public ", StringComparison.Ordinal) && members is null && space.Length > 0:
                    members = [];
                    types.Add(new RecordedType(space, [.. attributes], line, members));
                    attributes.Clear();
                    break;
                default:
                    throw new FormatException($"{file}:{index + 1}: '{line}' is not expected here.");
            }
        }

        return members is null ? types : throw new FormatException($"{file} ends within {types[^1].Declaration}.");
    }

    private static bool IsDelegate(RecordedType type) => type.Declaration.StartsWith("public delegate ", StringComparison.Ordinal);

    private static IReadOnlyList<RecordedType> Read(string pattern) =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Recorded"), pattern)
            .Order(StringComparer.Ordinal)
            .SelectMany(file => Parse(Path.GetFileName(file), File.ReadLines(file)))];
}
