using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;
using Npgsql;

namespace BackupFunctions.Postgres.Dump;

/// <summary>
/// Since the releases of November 2026 (measured on 15.20) servers keep a version of each column among its options, as <c>pg_attver</c>.
/// Their pg_dump leaves it out; an older release's writes <c>SET (pg_attver=...)</c>, of any major, and servers before that release refuse it.
/// </summary>
internal static class ColumnVersions
{
    private const string Kept = """
        select exists (select from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
          where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and a.attoptions::text ~ '[{,]"?pg_attver=')
        """;

    public static Task<bool> AreKeptAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.SingleAsync<bool>(Kept, cancellationToken);

    public static IEnumerable<string> Warnings(bool kept, PgTools tools)
    {
        if (kept && SecurityFloor.IsBelow(tools.Versions[PgTools.PgDumpName]))
        {
            yield return $"pg_dump {tools.Versions[PgTools.PgDumpName]} is older than the server's release and writes its versions of columns (pg_attver) into the backup, "
                + "so it can be restored onto servers of that release or later only; update the package.";
        }
    }
}
