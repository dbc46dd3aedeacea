using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Swap;

/// <summary>A database as the server knows it at this moment. The OID tells it apart; names may move.</summary>
internal sealed record DatabaseRow(long Oid, string Name, bool AllowsConnections, string? Comment)
{
    private const string Query = "select oid::bigint, datname::text, datallowconn, shobj_description(oid, 'pg_database') from pg_database ";

    public static async Task<DatabaseRow?> FindAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken) =>
        (await connection.QueryAsync(Query + "where datname = $1", Read, cancellationToken, name)).SingleOrDefault();

    public static async Task<DatabaseRow?> FindAsync(NpgsqlConnection connection, long oid, CancellationToken cancellationToken) =>
        (await connection.QueryAsync(Query + "where oid = $1::bigint::oid", Read, cancellationToken, oid)).SingleOrDefault();

    private static DatabaseRow Read(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetBoolean(2), row.TextOrNull(3));
}
