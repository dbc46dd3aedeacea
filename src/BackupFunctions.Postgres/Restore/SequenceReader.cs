using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

/// <summary>The state of every sequence, named as an archive names it.</summary>
internal static class SequenceReader
{
    private const int Batch = 500;

    // Names are compared by their parts: which words are quoted depends on the version of pg_dump. Sequences of extensions are
    // dumped only when they are configuration, so they count only when they are wanted.
    private const string Names = """
        select coalesce(w.name, format('%I.%I', n.nspname, c.relname)), format('%I.%I', n.nspname, c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
          left join (select name, parse_ident(name) parts from unnest($1::text[]) name) w on w.parts[1] = n.nspname and w.parts[2] = c.relname
        where c.relkind = 'S' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and (w.name is not null or not exists
            (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'))
        order by 1
        """;

    /// <param name="wanted">Qualified names as an archive writes them; they are the keys of the answer.</param>
    public static async Task<Dictionary<string, SequenceValue>> ReadAsync(
        NpgsqlConnection connection, IEnumerable<string> wanted, CancellationToken cancellationToken)
    {
        var names = await connection.QueryAsync(
            Names, static row => (Key: row.GetString(0), Name: row.GetString(1)), cancellationToken, wanted.ToArray());
        var values = new Dictionary<string, SequenceValue>(StringComparer.Ordinal);
        foreach (var batch in names.Chunk(Batch))
        {
            var query = string.Join(" union all ", batch.Select(static each =>
                $"select {Sql.Literal(each.Key)}, last_value, is_called from {each.Name}"));
            foreach (var value in await connection.QueryAsync(query, Read, cancellationToken))
            {
                values.Add(value.QualifiedName, value);
            }
        }

        return values;
    }

    private static SequenceValue Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetBoolean(2));
}
