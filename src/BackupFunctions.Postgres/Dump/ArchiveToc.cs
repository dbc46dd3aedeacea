using System.Globalization;
using System.Text.RegularExpressions;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Dump;

/// <summary>
/// The table of contents as <c>pg_restore --list</c> prints it, one line an entry: <c>dumpId; catalogOid oid KIND schema name owner</c>.
/// pg_restore replaces line breaks in names, so a name cannot pass for an entry.
/// </summary>
internal static partial class ArchiveToc
{
    private static readonly (string Words, ArchiveEntryKind Kind)[] Kinds =
    [
        ("TABLE DATA ", ArchiveEntryKind.TableData),
        ("SEQUENCE SET ", ArchiveEntryKind.SequenceSet),
        ("SUBSCRIPTION ", ArchiveEntryKind.Subscription),
    ];

    public static async Task<List<ArchiveEntry>> ReadAsync(PgTools tools, string folder, CancellationToken cancellationToken)
    {
        var entries = new List<ArchiveEntry>();
        await PgToolRunner.RunCheckedAsync(
            new ToolCommand(tools.PgRestore, ["--list", "--format=directory", folder])
            {
                OutputLine = line =>
                {
                    if (Parse(line) is { } entry)
                    {
                        entries.Add(entry);
                    }
                },
            },
            cancellationToken);
        return entries;
    }

    internal static ArchiveEntry? Parse(string line)
    {
        var match = Entry().Match(line);
        if (!match.Success)
        {
            return null;
        }

        var rest = match.Groups["rest"].Value;
        var (words, kind) = Array.Find(Kinds, known => rest.StartsWith(known.Words, StringComparison.Ordinal));
        return new ArchiveEntry(
            int.Parse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture),
            long.Parse(match.Groups["oid"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture),
            kind,
            rest[(words?.Length ?? 0)..],
            line);
    }

    [GeneratedRegex("^(?<id>[0-9]+); [0-9]+ (?<oid>[0-9]+) (?<rest>.*)$", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Entry();
}
