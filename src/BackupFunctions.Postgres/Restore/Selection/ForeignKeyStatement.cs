using System.Text.RegularExpressions;

namespace BackupFunctions.Postgres.Restore.Selection;

/// <summary>
/// <c>ALTER TABLE [ONLY] schema.table ADD CONSTRAINT name FOREIGN KEY (...) REFERENCES schema.table(...)</c> as dumpConstraint of pg_dump.c
/// and pg_get_constraintdef write it: pg_restore's list does not tell what a key refers to.
/// </summary>
/// <param name="Table">Key of the table that has it.</param>
/// <param name="Name">Of the constraint, unquoted.</param>
/// <param name="Target">Key of the table that it refers to.</param>
internal sealed partial record ForeignKeyStatement(string Table, string Name, string Target)
{
    private const string Identifier = """(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")""";

    /// <summary>No name has a NUL.</summary>
    public static string Key(string schema, string name) => $"{schema}\0{name}";

    /// <summary>All of a script, in its order.</summary>
    /// <param name="script">A byte a character.</param>
    public static IReadOnlyList<ForeignKeyStatement> ReadAll(string script) =>
    [
        .. Statement().Matches(script).Select(static match => new ForeignKeyStatement(
            Key(Plain(match, "schema"), Plain(match, "table")), Plain(match, "name"), Key(Plain(match, "otherSchema"), Plain(match, "otherTable")))),
    ];

    private static string Plain(Match match, string group)
    {
        var text = match.Groups[group].Value;
        return text.StartsWith('"') ? text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : text;
    }

    [GeneratedRegex(
        $@"^ALTER TABLE (ONLY )?(?<schema>{Identifier})\.(?<table>{Identifier})\n    ADD CONSTRAINT (?<name>{Identifier}) FOREIGN KEY "
        + $@"\((PERIOD )?{Identifier}(, (PERIOD )?{Identifier})*\) REFERENCES (?<otherSchema>{Identifier})\.(?<otherTable>{Identifier})\(",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline, Timeout.Infinite)]
    private static partial Regex Statement();
}
