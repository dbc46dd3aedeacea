using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Dump;

/// <summary>What pg_dump leaves out without a word, or brings back as doubtful as it was; a sentence each, with what to run.</summary>
internal static class CatalogWarnings
{
    private const int Shown = 5;

    private const string Users = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and (cardinality($1::text[]) = 0 or n.nspname = any($1))";

    // The others than getIndexes of pg_dump.c takes.
    private const string InvalidIndexes = $"""
        select pg_get_indexdef(i.indexrelid) || ';' from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
        where not ((i.indisvalid or c.relkind = 'p') and i.indisready) and {Users} order by 1
        """;

    // Those that are not enforced (version 18) are not valid, either, and cannot be made so.
    private const string UncheckedConstraints = $"""
        select format('ALTER %s %I.%I VALIDATE CONSTRAINT %I;', case k.contypid when 0 then 'TABLE' else 'DOMAIN' end, n.nspname, coalesce(c.relname, t.typname), k.conname)
        from pg_constraint k left join pg_class c on c.oid = k.conrelid left join pg_type t on t.oid = k.contypid
          join pg_namespace n on n.oid = coalesce(c.relnamespace, t.typnamespace)
        where not k.convalidated and k.coninhcount = 0 and k.conparentid = 0 and coalesce(to_jsonb(k) ->> 'conenforced', 'true') = 'true' and {Users} order by 1
        """;

    private const string Subscriptions = """
        select quote_ident(s.subname) from pg_subscription s join pg_database d on d.oid = s.subdbid
        where d.datname = current_database() and not (select rolsuper from pg_roles where rolname = current_user) and cardinality($1::text[]) = 0 order by 1
        """;

    /// <param name="connection">In the dump's snapshot.</param>
    /// <param name="schemas">Those that are dumped; none: all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<string> schemas, CancellationToken cancellationToken)
    {
        Task<List<string>> NamesAsync(string query) =>
            connection.QueryAsync(query, static row => row.GetString(0), cancellationToken, schemas.ToArray());

        return
        [
            .. Sentence(
                await NamesAsync(InvalidIndexes),
                "Invalid indexes are not in the dump: make them valid with REINDEX INDEX CONCURRENTLY, or after a restore run"),
            .. Sentence(
                await NamesAsync(UncheckedConstraints),
                "Constraints that were never checked against all rows are restored as such: to check them run"),
            .. Sentence(
                await NamesAsync(Subscriptions),
                "Subscriptions are not in the dump, because pg_dump writes them for superusers only: after a restore create them again"),
        ];
    }

    private static IEnumerable<string> Sentence(List<string> all, string what)
    {
        if (all.Count > 0)
        {
            yield return $"{what}: {string.Join(" ", all.Take(Shown))}{(all.Count > Shown ? $" (and {all.Count - Shown} more)" : "")}";
        }
    }
}
