using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Dump;

/// <summary>Arguments of pg_dump for some schemas of a database.</summary>
internal static class SchemaSelection
{
    private const int ExtensionOptionMajor = 14;

    private const string Extensions = """
        select e.extname::text from pg_extension e join pg_namespace n on n.oid = e.extnamespace
        where n.nspname in ('pg_catalog', 'public') or n.nspname = any($1) order by 1
        """;

    /// <returns>Empty without schemas.</returns>
    public static async Task<IReadOnlyList<string>> ArgumentsAsync(NpgsqlConnection connection, IReadOnlyList<string> schemas, CancellationToken cancellationToken)
    {
        if (schemas.Count == 0)
        {
            return [];
        }

        // pg_dump leaves extensions out as soon as schemas are named; before version 14 there was no way to have them.
        var extensions = connection.PostgreSqlVersion.Major >= ExtensionOptionMajor
            ? await connection.QueryAsync(Extensions, static row => row.GetString(0), cancellationToken, schemas.ToArray())
            : [];
        return [.. schemas.Select(static schema => "--schema=" + Pattern(schema)), .. extensions.Select(static extension => "--extension=" + Pattern(extension))];
    }

    /// <summary>Inside of double quotes nothing is a pattern (psql, patterns).</summary>
    private static string Pattern(string name) => Sql.Identifier(name);
}
