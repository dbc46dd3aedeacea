using System.Globalization;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Merge;

/// <summary>
/// Foreign keys, which the server does not check while triggers do not fire: counted here instead. So order and circles of tables do not
/// matter, and what is refused is refused before anything is written.
/// </summary>
internal sealed class MergeForeignKeys(IReadOnlyList<MergeForeignKey> keys)
{
    // Those that partitions have of their parents are left out, and those that the server does not enforce (18 and later).
    private const string Query = """
        select con.conname::text, coalesce(pg_partition_root(con.conrelid), con.conrelid)::oid::bigint, coalesce(pg_partition_root(con.confrelid), con.confrelid)::oid::bigint,
               case when c.relkind = 'p' then '' else 'ONLY ' end || format('%I.%I', cn.nspname, c.relname),
               case when p.relkind = 'p' then '' else 'ONLY ' end || format('%I.%I', pn.nspname, p.relname), pn.nspname || '.' || p.relname,
               array(select a.attname::text from unnest(con.conkey) with ordinality k(num, at)
                     join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.num order by k.at),
               array(select a.attname::text from unnest(con.confkey) with ordinality k(num, at)
                     join pg_attribute a on a.attrelid = con.confrelid and a.attnum = k.num order by k.at),
               array(select format('OPERATOR(%I.%s)', n.nspname, o.oprname) from unnest(con.conpfeqop) with ordinality k(num, at)
                     join pg_operator o on o.oid = k.num join pg_namespace n on n.oid = o.oprnamespace order by k.at),
               con.confmatchtype = 'f'
        from pg_constraint con
          join pg_class c on c.oid = con.conrelid join pg_namespace cn on cn.oid = c.relnamespace
          join pg_class p on p.oid = con.confrelid join pg_namespace pn on pn.oid = p.relnamespace
        where con.contype = 'f' and con.conparentid = 0 and coalesce(to_jsonb(con) ->> 'conenforced', 'true') = 'true'
        order by con.conname collate "C", con.oid
        """;

    public static async Task<MergeForeignKeys> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => new(await connection.QueryAsync(
        Query,
        static row => new MergeForeignKey(
            row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetFieldValue<string[]>(6),
            row.GetFieldValue<string[]>(7), row.GetFieldValue<string[]>(8), row.GetBoolean(9)),
        cancellationToken));

    /// <summary>Tables whose rows must stand still, beside those that are written: what is referred to, and what refers to columns that may change.</summary>
    public IEnumerable<string> Neighbours(IReadOnlyDictionary<long, MergeTable> tables) => keys
        .Where(key => tables.ContainsKey(key.Child) != tables.ContainsKey(key.Parent))
        .Where(key => tables.ContainsKey(key.Child) || MayChange(key, tables))
        .Select(key => tables.ContainsKey(key.Child) ? key.ParentRows : key.ChildRows)
        .Distinct(StringComparer.Ordinal);

    /// <summary>Rows to write whose parent is neither live nor written.</summary>
    public async Task<IReadOnlyList<string>> MissingParentsAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<long, MergeTable> tables, CancellationToken cancellationToken)
    {
        var blockers = new List<string>();
        foreach (var key in keys)
        {
            if (!tables.TryGetValue(key.Child, out var child))
            {
                continue;
            }

            // Values that the server makes are looked at when they are written; without a key those rows are not found again.
            if (!key.Columns.All(child.Has))
            {
                if (child.Key is null)
                {
                    blockers.Add($"Foreign key {key.Name} of table {child.Live.Title}, which has no primary key, is over columns that are not in the backup: leave that table out.");
                }

                continue;
            }

            var parent = tables.GetValueOrDefault(key.Parent);
            var columns = key.Columns.Select(column => "w." + child.Staged(column)).ToList();
            var written = parent is not null && key.KeyColumns.All(parent.Has)
                ? $" and not exists (select from {parent.Writes} p where {Joined(key, key.KeyColumns.Select(parent.Staged), columns)})"
                : string.Empty;
            var missing = await connection.SingleAsync<long>(
                $"select count(*) from {child.Writes} w where {Set(key, columns)} and not exists (select from {key.ParentRows} p where {Joined(key, Quoted(key.KeyColumns), columns)}){written}",
                cancellationToken);
            if (missing > 0)
            {
                blockers.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{missing} rows for table {child.Live.Title} refer by {key.Name} to rows of {key.ParentTitle} that are neither live nor part of the merge: merge {key.ParentTitle}, too, or leave {child.Live.Title} out."));
            }
        }

        return blockers;
    }

    /// <summary>Rows without their parent, by foreign key, for those whose parents' referenced columns an update may change.</summary>
    public async Task<IReadOnlyDictionary<MergeForeignKey, long>> CountOrphansAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<long, MergeTable> tables, CancellationToken cancellationToken)
    {
        var orphans = new Dictionary<MergeForeignKey, long>();
        foreach (var key in keys.Where(key => MayChange(key, tables)))
        {
            orphans[key] = await connection.SingleAsync<long>(
                $"select count(*) from {key.ChildRows} c where {Set(key, Referring(key))} and not exists (select from {key.ParentRows} p where {Joined(key, Quoted(key.KeyColumns), Referring(key))})",
                cancellationToken);
        }

        return orphans;
    }

    /// <summary>After writing: every written row has its parent, and no row lost one.</summary>
    /// <exception cref="Contracts.PgdrException">merge.refused</exception>
    public async Task VerifyAsync(
        NpgsqlConnection connection, string database, IReadOnlyDictionary<long, MergeTable> tables, IReadOnlyDictionary<MergeForeignKey, long> before, CancellationToken cancellationToken)
    {
        foreach (var (key, orphans) in await CountOrphansAsync(connection, tables, cancellationToken))
        {
            if (orphans > before[key])
            {
                throw MergeErrors.Refused(
                    database,
                    string.Create(CultureInfo.InvariantCulture, $"{orphans - before[key]} rows that refer to {key.ParentTitle} by {key.Name} would lose their row; leave {key.ParentTitle} out, or merge with another policy."));
            }
        }

        foreach (var key in keys.Where(key => tables.TryGetValue(key.Child, out var child) && child.Key is not null))
        {
            var child = tables[key.Child];
            var missing = await connection.SingleAsync<long>(
                $"select count(*) from {child.Writes} w join {key.ChildRows} c on {child.Match("w", "c", child.Key!)} "
                + $"where {Set(key, Referring(key))} and not exists (select from {key.ParentRows} p where {Joined(key, Quoted(key.KeyColumns), Referring(key))})",
                cancellationToken);
            if (missing > 0)
            {
                throw MergeErrors.Refused(
                    database, string.Create(CultureInfo.InvariantCulture, $"{missing} written rows of table {child.Live.Title} have no row of {key.ParentTitle} by {key.Name}; leave that table out."));
            }
        }
    }

    private static bool MayChange(MergeForeignKey key, IReadOnlyDictionary<long, MergeTable> tables) =>
        tables.TryGetValue(key.Parent, out var parent) && parent.Key is { } index && !key.KeyColumns.All(column => index.Columns.Contains(column, StringComparer.Ordinal));

    private static IEnumerable<string> Quoted(IEnumerable<string> columns) => columns.Select(Sql.Identifier);

    private static List<string> Referring(MergeForeignKey key) => [.. key.Columns.Select(static column => "c." + Sql.Identifier(column))];

    private static string Joined(MergeForeignKey key, IEnumerable<string> keyColumns, IEnumerable<string> columns) =>
        string.Join(" and ", keyColumns.Zip(key.Operators, columns).Select(static each => $"p.{each.First} {each.Second} {each.Third}"));

    private static string Set(MergeForeignKey key, List<string> columns) => key.Full
        ? $"num_nonnulls({string.Join(", ", columns)}) > 0"
        : $"num_nulls({string.Join(", ", columns)}) = 0";
}
