using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>One synchronisation of a cluster at a time, whoever runs it. Held by the session: a process that dies lets go.</summary>
internal static class CatalogLock
{
    public static async Task TakeAsync(NpgsqlConnection connection, string cluster, CancellationToken cancellationToken)
    {
        // No limit of a statement: a rebuild may be at work.
        await using var command = Sql.Command(connection, "SELECT pg_advisory_lock($1)", KeyOf(cluster));
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static Task<bool> TryTakeAsync(NpgsqlConnection connection, string cluster, CancellationToken cancellationToken) =>
        connection.ScalarAsync<bool>("SELECT pg_try_advisory_lock($1)", cancellationToken, KeyOf(cluster));

    /// <summary>At once: a pooled connection would keep it until somebody uses that connection again.</summary>
    public static async Task ReleaseAsync(NpgsqlConnection connection, string cluster)
    {
        if (connection.State == System.Data.ConnectionState.Open)
        {
            await connection.ExecuteAsync("SELECT pg_advisory_unlock($1)", CancellationToken.None, KeyOf(cluster));
        }
    }

    private static long KeyOf(string cluster) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"backupfunctions catalog {cluster}")));
}
