using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Merge;

/// <summary>Tables of a database as far as a merge needs them. Those of extensions are not looked at.</summary>
internal static class MergeCatalog
{
    private const string RelationsQuery = """
        select c.oid::bigint, n.nspname::text, c.relname::text, c.relkind = 'p'
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
        order by n.nspname collate "C", c.relname collate "C"
        """;

    private const string ColumnsQuery = """
        select a.attrelid::bigint, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attgenerated <> '', a.attidentity = 'a',
               a.attnotnull and not a.atthasdef and a.attidentity = '',
               (select format('OPERATOR(%I.%s)', n.nspname, o.oprname)
                from pg_opclass c join pg_am m on m.oid = c.opcmethod and m.amname = 'btree'
                  join pg_amop p on p.amopfamily = c.opcfamily and p.amoplefttype = c.opcintype and p.amoprighttype = c.opcintype and p.amopstrategy = 5
                  join pg_operator o on o.oid = p.amopopr join pg_namespace n on n.oid = o.oprnamespace
                where c.opcdefault and c.opcintype = coalesce(nullif(t.typbasetype, 0), t.oid) limit 1)
        from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = any($1::bigint[]::oid[]) and a.attnum > 0 and not a.attisdropped order by a.attrelid, a.attnum
        """;

    // Nulls are not distinct: from version 15 on; read by name, for the column is younger than the oldest server.
    private const string IndexesQuery = """
        select i.indrelid::bigint, c.relname::text, i.indisprimary,
               array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality k(num, at)
                     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num where k.at <= i.indnkeyatts order by k.at),
               array(select format('OPERATOR(%I.%s)', n.nspname, o.oprname)
                     from unnest(i.indclass::oid[]) with ordinality k(class, at) join pg_opclass oc on oc.oid = k.class
                       join pg_amop p on p.amopfamily = oc.opcfamily and p.amoplefttype = oc.opcintype and p.amoprighttype = oc.opcintype and p.amopstrategy = 3
                       join pg_operator o on o.oid = p.amopopr join pg_namespace n on n.oid = o.oprnamespace
                     where k.at <= i.indnkeyatts order by k.at),
               not exists (select from unnest(i.indkey::int2[]) with ordinality k(num, at)
                     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num where k.at <= i.indnkeyatts and not a.attnotnull),
               coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false)
        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam and m.amname = 'btree'
        where i.indrelid = any($1::bigint[]::oid[]) and i.indisunique and i.indimmediate and i.indisvalid and i.indpred is null and i.indexprs is null
        order by not i.indisprimary, c.relname collate "C"
        """;

    // While triggers do not fire, the server does not check deferrable keys either: both are triggers to it.
    private const string ObstaclesQuery = """
        select coalesce(pg_partition_root(o.relation), o.relation)::oid::bigint, o.obstacle
        from (
          select con.conrelid, format('its constraint %s is deferrable and would not be checked', con.conname)
          from pg_constraint con where con.contype in ('p', 'u', 'x') and con.condeferrable
          union all
          select con.conrelid, format('its foreign key %s is temporal', con.conname)
          from pg_constraint con where con.contype = 'f' and to_jsonb(con) ->> 'conperiod' = 'true'
          union all
          select t.tgrelid, format('its trigger %s would fire, for it is enabled always or for replicas', t.tgname)
          from pg_trigger t where not t.tgisinternal and t.tgenabled in ('A', 'R')
          union all
          select r.ev_class, format('its rule %s would act, for it is enabled always or for replicas', r.rulename)
          from pg_rewrite r where r.ev_enabled in ('A', 'R')) o(relation, obstacle)
        order by 2
        """;

    public static async Task<IReadOnlyList<MergeRelation>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var relations = await connection.QueryAsync(
            RelationsQuery, static row => (Oid: row.GetInt64(0), Schema: row.GetString(1), Name: row.GetString(2), Partitioned: row.GetBoolean(3)), cancellationToken);
        var oids = relations.Select(static relation => relation.Oid).ToArray();
        var columns = (await connection.QueryAsync(
            ColumnsQuery,
            static row => (Table: row.GetInt64(0), Column: new MergeColumn(
                row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4), row.GetBoolean(5), row.TextOrNull(6) ?? ">")),
            cancellationToken,
            oids)).ToLookup(static each => each.Table, static each => each.Column);
        var indexes = (await connection.QueryAsync(
            IndexesQuery,
            static row => (Table: row.GetInt64(0), Index: new MergeIndex(
                row.GetString(1), row.GetBoolean(2), row.GetFieldValue<string[]>(3), row.GetFieldValue<string[]>(4), row.GetBoolean(5), row.GetBoolean(6))),
            cancellationToken,
            oids)).ToLookup(static each => each.Table, static each => each.Index);
        var obstacles = (await connection.QueryAsync(
            ObstaclesQuery, static row => (Table: row.GetInt64(0), Obstacle: row.GetString(1)), cancellationToken)).ToLookup(static each => each.Table, static each => each.Obstacle);
        return
        [
            .. relations.Select(relation => new MergeRelation(
                relation.Oid, relation.Schema, relation.Name, relation.Partitioned, [.. columns[relation.Oid]], [.. indexes[relation.Oid]], [.. obstacles[relation.Oid].Distinct(StringComparer.Ordinal)])),
        ];
    }
}
