using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Restore.Selection;

/// <summary>Removes from a scratch database the tables that were not selected, but those by which selected ones are defined.</summary>
/// <param name="Kept">Without rows: parents, tables whose row type is a column's, tables that a policy or a rule asks.</param>
/// <param name="Views">What went with the tables, or would show less than it should, by qualified names.</param>
internal sealed record UnselectedTables(IReadOnlyList<SelectableTable> Kept, IReadOnlyList<string> Views)
{
    private const int Batch = 100;

    // What belongs to the selected tables, then all that any of it depends on. Dropping something else with what depends on it
    // can thus not take anything away from them.
    private const string Needed = """
        with recursive parts(classid, objid) as (
          select 'pg_class'::regclass::oid, s::oid from unnest($1::bigint[]) s
          union
          select d.classid, d.objid from parts p join pg_depend d on d.refclassid = p.classid and d.refobjid = p.objid and d.deptype in ('a', 'i', 'P', 'S')),
        needed as (
          select classid, objid from parts
          union
          select d.refclassid, d.refobjid from needed n join pg_depend d on d.classid = n.classid and d.objid = n.objid)
        select distinct objid::bigint from needed where classid = 'pg_class'::regclass
        """;

    private const string ViewsOf = """
        with recursive above(oid) as (
          select unnest($1::bigint[])::oid
          union
          select r.ev_class from above a join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = a.oid and d.classid = 'pg_rewrite'::regclass
            join pg_rewrite r on r.oid = d.objid join pg_class c on c.oid = r.ev_class where c.relkind in ('v', 'm'))
        select format('DROP %s IF EXISTS %I.%I CASCADE', case c.relkind when 'm' then 'MATERIALIZED VIEW' else 'VIEW' end, n.nspname, c.relname)
        from above a join pg_class c on c.oid = a.oid join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('v', 'm') and not c.oid::bigint = any($2::bigint[])
        """;

    private const string AllViews = """
        select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1
        """;

    public static async Task<UnselectedTables> DropAsync(NpgsqlConnection connection, SelectedTables tables, CancellationToken cancellationToken)
    {
        var views = await connection.QueryAsync(AllViews, static row => row.GetString(0), cancellationToken);
        var needed = await connection.QueryAsync(
            Needed, static row => row.GetInt64(0), cancellationToken, tables.Selected.Select(static table => table.Oid).ToArray());
        var ours = needed.ToHashSet();
        var others = tables.All.Where(table => !tables.IsSelected(table) && !table.OfExtension).ToLookup(table => ours.Contains(table.Oid));
        var kept = others[true].ToArray();
        var less = await connection.QueryAsync(
            ViewsOf, static row => row.GetString(0), cancellationToken, kept.Select(static table => table.Oid).ToArray(), needed.ToArray());
        foreach (var statement in less)
        {
            await connection.ExecuteAsync(statement, cancellationToken);
        }

        foreach (var batch in others[false].Chunk(Batch))
        {
            var names = batch.Select(static table => $"{Sql.Identifier(table.Schema)}.{Sql.Identifier(table.Name)}");
            await connection.ExecuteAsync($"DROP TABLE IF EXISTS {string.Join(", ", names)} CASCADE", cancellationToken);
        }

        var left = await connection.QueryAsync(AllViews, static row => row.GetString(0), cancellationToken);
        return new UnselectedTables(kept, [.. views.Except(left, StringComparer.Ordinal)]);
    }
}
