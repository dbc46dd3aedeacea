using System.Globalization;
using System.Text;
using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>
/// The file tablespace_map: by it a server makes the links in pg_tblspc when it begins to recover (read_tablespace_map of xlogrecovery.c). A
/// line for each, "oid location", with a backslash before line feed, carriage return and backslash.
/// </summary>
public static class TablespaceMap
{
    public const string FileName = "tablespace_map";

    /// <summary>The folder of a data directory that has the links, each named by an oid.</summary>
    public const string LinkFolder = "pg_tblspc";

    /// <exception cref="PgdrException">manifest.format-unknown</exception>
    public static IReadOnlyDictionary<long, string> Parse(ReadOnlySpan<byte> content)
    {
        var locations = new Dictionary<long, string>();
        var text = Encoding.UTF8.GetString(content);
        var line = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '\\' && at + 1 < text.Length)
            {
                line.Append(text[++at]);
            }
            else if (text[at] is not '\n')
            {
                line.Append(text[at]);
            }
            else
            {
                Add(line.ToString(), locations);
                line.Clear();
            }
        }

        return line.Length == 0 ? locations : throw Unknown();
    }

    public static string Format(IEnumerable<KeyValuePair<long, string>> locations)
    {
        var text = new StringBuilder();
        foreach (var (oid, location) in locations)
        {
            text.Append(CultureInfo.InvariantCulture, $"{oid} ");
            foreach (var character in location)
            {
                text.Append(character is '\n' or '\r' or '\\' ? "\\" : string.Empty).Append(character);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static void Add(string line, Dictionary<long, string> locations)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || !uint.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var oid)
            || oid == 0 || !locations.TryAdd(oid, line[(space + 1)..]))
        {
            throw Unknown();
        }
    }

    private static PgdrException Unknown() => new(ErrorCodes.FormatUnknown, $"The server's {FileName} cannot be read: use a newer pgdr.");
}
