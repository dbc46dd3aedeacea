using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>
/// Keeps tables as the snapshot sees them: after TRUNCATE, or ALTER TABLE that rewrites, an older snapshot sees no rows at all
/// (MVCC caveats of the documentation), which would be an empty backup without a word.
/// </summary>
internal static class TableLocks
{
    // The snapshot's own pg_class against what the server uses now.
    private const string Rewritten = """
        select format('%s.%s', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.oid::bigint = any($1) and c.relkind = 'r' and pg_relation_filenode(c.oid) is distinct from c.relfilenode order by 1
        """;

    /// <summary>Until the end of the transaction, as pg_dump does. Readers and writers are not held up.</summary>
    /// <exception cref="PgdrException">tool.failed: a table was rewritten, truncated or dropped meanwhile.</exception>
    public static async Task TakeAsync(NpgsqlConnection connection, TenantPlan plan, string database, CancellationToken cancellationToken)
    {
        var tables = plan.Tables.Where(static planned => planned.Table.File is not null || planned.Table.HasTenant).ToList();
        if (tables.Count == 0)
        {
            return;
        }

        try
        {
            var names = tables.Select(static planned => "ONLY " + TenantPredicate.Name(planned.Table.Schema, planned.Table.Name));
            await connection.ExecuteAsync($"LOCK TABLE {string.Join(", ", names)} IN ACCESS SHARE MODE", cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw Changed(database, exception.MessageText, exception);
        }

        var rewritten = await connection.QueryAsync(
            Rewritten, static row => row.GetString(0), cancellationToken, tables.Select(static planned => planned.Relation.Oid).ToArray());
        if (rewritten.Count > 0)
        {
            throw Changed(database, $"table {rewritten[0]} was truncated or rewritten");
        }
    }

    private static PgdrException Changed(string database, string cause, Exception? inner = null) =>
        new(ErrorCodes.ToolFailed, $"Database '{database}' changed while its tenants were about to be read ({cause}): run the backup again.", inner);
}
