using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Restore.Selection;

/// <summary>Foreign keys of a dump, sorted by whether both of their tables are selected.</summary>
/// <param name="Wanted">Entries of those that are, and comments on constraints that come after them.</param>
/// <param name="LeftOut">Those of selected tables that refer to others, for people.</param>
internal sealed record ForeignKeys(IReadOnlyList<ArchiveEntry> Wanted, IReadOnlyList<string> LeftOut)
{
    public static async Task<ForeignKeys> ReadAsync(
        PgTools tools, string folder, IReadOnlyList<ArchiveEntry> contents, SelectedTables tables, CancellationToken cancellationToken)
    {
        var entries = contents.Where(static entry => entry.IsForeignKey).ToArray();
        var comments = contents.Where(static entry => entry.IsConstraintComment);
        if (entries.Length == 0)
        {
            return new ForeignKeys([.. comments], []);
        }

        var statements = ForeignKeyStatement.ReadAll(await ArchiveScript.ReadAsync(tools, folder, entries, RestoreWay.Direct, cancellationToken));
        if (statements.Count != entries.Length)
        {
            throw new PgdrException(
                ErrorCodes.ToolFailed, $"{entries.Length} foreign keys are in the dump and {statements.Count} of them can be read: restore all tables instead.");
        }

        var titles = tables.All.ToDictionary(static table => table.Key, static table => table.Title, StringComparer.Ordinal);
        var selected = tables.Selected.Select(static table => table.Key).ToHashSet(StringComparer.Ordinal);
        var referring = tables.SelectedAndAncestors.Select(static table => table.Key).ToHashSet(StringComparer.Ordinal);
        bool IsWhole(ForeignKeyStatement key) => referring.Contains(key.Table) && selected.Contains(key.Target);
        string Title(string table) => titles.TryGetValue(table, out var title) ? title : table.Replace('\0', '.');

        List<string> gone = [.. statements.Where(key => !IsWhole(key)).Select(key => SelectedTables.Plain($"CONSTRAINT {key.Name} ON {key.Table[(key.Table.IndexOf('\0') + 1)..]} "))];
        return new ForeignKeys(
            [
                .. entries.Zip(statements).Where(each => IsWhole(each.Second)).Select(static each => each.First),
                .. comments.Where(comment => !gone.Exists(SelectedTables.Plain(comment.Description).Contains)),
            ],
            [
                .. statements.Where(key => referring.Contains(key.Table) && !selected.Contains(key.Target)).Select(key =>
                    $"{ArchiveScript.Readable(key.Name)} of {Title(key.Table)} to {Title(key.Target)}"),
            ]);
    }
}
