using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Dump;

/// <summary>Sequence values as the archive sets them: the statements that pg_restore would run, read instead of run.</summary>
internal static partial class ArchiveSequences
{
    private const string Start = "SELECT pg_catalog.setval(";

    public static async Task<IReadOnlyList<SequenceValue>> ReadAsync(
        PgTools tools, string folder, string listPath, IEnumerable<ArchiveEntry> contents, CancellationToken cancellationToken)
    {
        var entries = contents.Where(static entry => entry.Kind == ArchiveEntryKind.SequenceSet).ToArray();
        if (entries.Length == 0)
        {
            return [];
        }

        await File.WriteAllLinesAsync(listPath, entries.Select(static entry => entry.Line), cancellationToken);
        var sequences = new List<SequenceValue>();
        var statement = new StringBuilder();
        await PgToolRunner.RunCheckedAsync(
            new ToolCommand(tools.PgRestore, ["--format=directory", "--file=-", "--use-list=" + listPath, folder])
            {
                OutputLine = line => Take(line, statement, sequences),
            },
            cancellationToken);
        return sequences.Count == entries.Length
            ? sequences
            : throw new PgdrException(
                ErrorCodes.ToolFailed, $"pg_restore set {sequences.Count} of {entries.Length} sequences of the dump; run the backup again.");
    }

    /// <summary>A name may hold line breaks: a statement goes on until it is whole.</summary>
    private static void Take(string line, StringBuilder statement, List<SequenceValue> sequences)
    {
        if (statement.Length == 0 && !line.StartsWith(Start, StringComparison.Ordinal))
        {
            return;
        }

        statement.Append(statement.Length == 0 ? "" : "\n").Append(line);
        if (Parse(statement.ToString()) is { } value)
        {
            sequences.Add(value);
            statement.Clear();
        }
    }

    internal static SequenceValue? Parse(string statement)
    {
        var match = SetVal().Match(statement);
        return match.Success
            ? new SequenceValue(
                match.Groups["name"].Value.Replace("''", "'", StringComparison.Ordinal),
                long.Parse(match.Groups["value"].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
                match.Groups["called"].ValueSpan is "true")
            : null;
    }

    [GeneratedRegex(
        """\ASELECT pg_catalog\.setval\('(?<name>(?:[^']|'')*)', (?<value>-?[0-9]+), (?<called>true|false)\);\z""",
        RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex SetVal();
}
