using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Tenants;

namespace BackupFunctions.Postgres.Restore.Selection;

/// <summary>Which tables a selection means.</summary>
internal static class TableMatch
{
    private const string TableWord = "TABLE ";

    public static bool IsSelected(TableSelection selection, string schema, string name) =>
        selection.Tables.Any(pattern => OfTable(pattern, schema, name)) || selection.Schemas.Any(pattern => TablePattern.Matches(pattern, schema));

    /// <summary>Before anything is touched: tables with rows by the backup's contents, those that have only partitions by its dump.</summary>
    /// <exception cref="PgdrException">settings.invalid naming the first pattern that fits nothing.</exception>
    public static void Check(TableSelection selection, BackupContents contents, IReadOnlyList<ArchiveEntry> entries) => Check(
        selection,
        [
            .. contents.Tables.Select(static table => (table.Schema, table.Name)),
            .. entries.Where(static entry => entry.Description.StartsWith(TableWord, StringComparison.Ordinal)).SelectMany(static entry => Readings(entry.Description[TableWord.Length..])),
        ]);

    /// <inheritdoc cref="Check(TableSelection, BackupContents, IReadOnlyList{ArchiveEntry})"/>
    public static void Check(TableSelection selection, IReadOnlyCollection<(string Schema, string Name)> tables)
    {
        var lost = selection.Tables.FirstOrDefault(pattern => !tables.Any(table => OfTable(pattern, table.Schema, table.Name)));
        if (lost is not null)
        {
            throw Nothing($"table '{lost}'", "name tables as schema.table, with * for any characters");
        }

        if (selection.Schemas.FirstOrDefault(pattern => !tables.Any(table => TablePattern.Matches(pattern, table.Schema))) is { } schema)
        {
            throw Nothing($"table in a schema '{schema}'", "name a schema that has tables");
        }
    }

    private static bool OfTable(string pattern, string schema, string name) => TablePattern.Matches(pattern, $"{schema}.{name}");

    /// <summary>Of <c>schema name owner</c>, all of which may have blanks. The scratch database decides in the end; this only has to miss nothing.</summary>
    private static IEnumerable<(string Schema, string Name)> Readings(string description)
    {
        var words = description.Split(' ');
        return
            from schema in Enumerable.Range(1, Math.Max(0, words.Length - 2))
            from end in Enumerable.Range(schema + 1, words.Length - 1 - schema)
            select (string.Join(' ', words[..schema]), string.Join(' ', words[schema..end]));
    }

    private static PgdrException Nothing(string what, string remedy) =>
        new(ErrorCodes.InvalidSettings, $"The backup has no {what}, so nothing was restored: {remedy}.");
}
