using System.Text;
using System.Text.RegularExpressions;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Restore.Selection;

/// <summary>The tables of a scratch database, and which of them are selected: with each its partitions and what inherits from it.</summary>
internal sealed partial class SelectedTables
{
    // Names in the database's own encoding, too: the dump's statements are in it.
    private const string Query = """
        select c.oid::bigint, n.nspname::text, c.relname::text, c.relkind = 'p',
               exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'),
               convert_to(n.nspname::text, getdatabaseencoding()), convert_to(c.relname::text, getdatabaseencoding()),
               array(select i.inhparent::bigint from pg_inherits i where i.inhrelid = c.oid)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 2, 3
        """;

    private readonly HashSet<long> _selected;
    private readonly IReadOnlyList<string> _starts;

    private SelectedTables(IReadOnlyList<SelectableTable> all, HashSet<long> selected)
    {
        (All, _selected) = (all, selected);
        _starts = [.. Selected.Select(static table => Plain($"{table.Schema} {table.Name} "))];
    }

    public IReadOnlyList<SelectableTable> All { get; }

    public IEnumerable<SelectableTable> Selected => All.Where(IsSelected);

    /// <summary>With what they are partitions of or inherit from: foreign keys of a partitioned table are those of its partitions.</summary>
    public IEnumerable<SelectableTable> SelectedAndAncestors
    {
        get
        {
            var known = _selected.ToHashSet();
            var parents = All.ToDictionary(static table => table.Oid, static table => table.Parents);
            for (var next = new Queue<long>(_selected); next.TryDequeue(out var oid);)
            {
                foreach (var parent in parents[oid].Where(known.Add))
                {
                    next.Enqueue(parent);
                }
            }

            return All.Where(table => known.Contains(table.Oid));
        }
    }

    /// <exception cref="PgdrException">settings.invalid: a pattern fits nothing.</exception>
    public static async Task<SelectedTables> ReadAsync(NpgsqlConnection connection, TableSelection selection, CancellationToken cancellationToken)
    {
        var all = await connection.QueryAsync(Query, Read, cancellationToken);
        TableMatch.Check(selection, [.. all.Select(static table => (table.Schema, table.Name))]);
        var selected = all.Where(table => TableMatch.IsSelected(selection, table.Schema, table.Name)).Select(static table => table.Oid).ToHashSet();
        bool found;
        do
        {
            found = false;
            foreach (var table in all.Where(table => table.Parents.Any(selected.Contains)))
            {
                found |= selected.Add(table.Oid);
            }
        }
        while (found);

        return new SelectedTables(all, selected);
    }

    public bool IsSelected(SelectableTable table) => _selected.Contains(table.Oid);

    /// <summary>
    /// By its text, which has no quotes, is ambiguous between blanks and may be in another encoding: entries of other tables may pass (their
    /// rows go with the table), none of a selected one is missed (its digest would tell).
    /// </summary>
    public bool MayHold(ArchiveEntry entry)
    {
        var text = Plain(entry.Description);
        return _starts.Any(start => text.StartsWith(start, StringComparison.Ordinal));
    }

    /// <summary>A name or an entry by what survives pg_restore's list: printable ASCII characters.</summary>
    public static string Plain(string text) => Unprintable().Replace(text.Replace("\"", "", StringComparison.Ordinal), "?");

    private static SelectableTable Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetString(2),
        row.GetBoolean(3),
        row.GetBoolean(4),
        ForeignKeyStatement.Key(Encoding.Latin1.GetString(row.GetFieldValue<byte[]>(5)), Encoding.Latin1.GetString(row.GetFieldValue<byte[]>(6))),
        row.GetFieldValue<long[]>(7));

    [GeneratedRegex(@"[^\x21-\x7e]+", RegexOptions.NonBacktracking)]
    private static partial Regex Unprintable();
}
