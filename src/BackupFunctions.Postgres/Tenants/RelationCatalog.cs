using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>Tables, their foreign keys, and the sequences that their columns take values from, in one snapshot.</summary>
internal sealed record RelationCatalog(
    IReadOnlyList<CatalogRelation> Relations, IReadOnlyList<CatalogForeignKey> ForeignKeys, IReadOnlyList<CatalogSequenceUse> Sequences, IReadOnlyList<string> MaterializedViews)
{
    private const string UserSchemas = "n.nspname !~ '^pg_(catalog|toast|temp_|toast_temp_)' and n.nspname <> 'information_schema'";

    private const string RelationsQuery = $"""
        select c.oid::bigint, n.nspname::text, c.relname::text, c.relkind = 'p', coalesce(pg_partition_root(c.oid), c.oid)::oid::bigint,
               array(select a.attname::text from pg_attribute a
                     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum),
               array(select a.attname::text from pg_attribute a
                     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated <> '' order by a.attnum),
               array(select a.attname::text from pg_attribute a
                     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and not a.attnotnull order by a.attnum),
               array(select a.attname::text from pg_index i, unnest(i.indkey::int2[]) with ordinality k(num, at)
                     join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num
                     where i.indrelid = c.oid and i.indisprimary and k.at <= i.indnkeyatts order by k.at),
               c.relrowsecurity and row_security_active(c.oid),
               exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'),
               (select coalesce(e.extcondition[p.at], '') from pg_extension e, unnest(e.extconfig) with ordinality p(oid, at) where p.oid = c.oid limit 1)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and {UserSchemas}
        order by n.nspname collate "C", c.relname collate "C"
        """;

    // Those that partitions have of their parents are left out; conpfeqop compares key = reference (pg_constraint of the documentation).
    // What is not validated says so in its definition: NOT VALID, or NOT ENFORCED from version 18 on.
    private const string ForeignKeysQuery = """
        select con.oid::bigint, con.conname::text, con.conrelid::oid::bigint, con.confrelid::oid::bigint,
               array(select a.attname::text from unnest(con.conkey) with ordinality k(num, at)
                     join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.num order by k.at),
               array(select a.attname::text from unnest(con.confkey) with ordinality k(num, at)
                     join pg_attribute a on a.attrelid = con.confrelid and a.attnum = k.num order by k.at),
               array(select format('OPERATOR(%I.%s)', n.nspname, o.oprname) from unnest(con.conpfeqop) with ordinality k(num, at)
                     join pg_operator o on o.oid = k.num join pg_namespace n on n.oid = o.oprnamespace order by k.at),
               con.convalidated, pg_get_constraintdef(con.oid) || case when con.convalidated then ' NOT VALID' else '' end,
               obj_description(con.oid, 'pg_constraint')
        from pg_constraint con
        where con.contype = 'f' and con.conparentid = 0
        order by con.conname collate "C", con.oid
        """;

    // By ownership (serial, identity) and by what a default calls.
    private const string SequencesQuery = $"""
        select distinct s.oid::bigint, format('%I.%I', n.nspname, s.relname), q.seqincrement > 0, q.seqstart, q.seqmin, q.seqmax, u.tab::oid::bigint, u.col
        from pg_class s join pg_namespace n on n.oid = s.relnamespace join pg_sequence q on q.seqrelid = s.oid
          left join (
            select d.objid seq, d.refobjid tab, a.attname::text col from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0
            union
            select d.refobjid, ad.adrelid, a.attname::text from pg_depend d join pg_attrdef ad on ad.oid = d.objid
              join pg_attribute a on a.attrelid = ad.adrelid and a.attnum = ad.adnum
            where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass) u on u.seq = s.oid
        where s.relkind = 'S' and {UserSchemas}
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = s.oid and d.deptype = 'e')
        """;

    private const string MaterializedViewsQuery = $"""
        select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'm' and c.relispopulated and {UserSchemas} order by c.oid
        """;

    public static async Task<RelationCatalog> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => new(
        await connection.QueryAsync(
            RelationsQuery,
            static row => new CatalogRelation(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetInt64(4), row.GetFieldValue<string[]>(5),
                row.GetFieldValue<string[]>(6), row.GetFieldValue<string[]>(7), row.GetFieldValue<string[]>(8), row.GetBoolean(9), row.GetBoolean(10), row.TextOrNull(11)),
            cancellationToken),
        await connection.QueryAsync(
            ForeignKeysQuery,
            static row => new CatalogForeignKey(
                row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetFieldValue<string[]>(4), row.GetFieldValue<string[]>(5),
                row.GetFieldValue<string[]>(6), row.GetBoolean(7), row.GetString(8), row.TextOrNull(9)),
            cancellationToken),
        await connection.QueryAsync(
            SequencesQuery,
            static row => new CatalogSequenceUse(
                row.GetString(1), row.GetBoolean(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.IsDBNull(6) ? null : row.GetInt64(6), row.TextOrNull(7)),
            cancellationToken),
        await connection.QueryAsync(MaterializedViewsQuery, static row => row.GetString(0), cancellationToken));
}
