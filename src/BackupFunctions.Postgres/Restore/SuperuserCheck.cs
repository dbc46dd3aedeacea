using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

internal static class SuperuserCheck
{
    /// <summary>Owners, ACL and extensions of a whole database can only be restored by a superuser.</summary>
    /// <exception cref="PgdrException">database.permission.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, ServerConnection server, CancellationToken cancellationToken)
    {
        if (!await connection.SingleAsync<bool>("select rolsuper from pg_roles where rolname = current_user", cancellationToken))
        {
            throw new PgdrException(
                ErrorCodes.PermissionMissing,
                $"A restore on server {server.Endpoint} needs a superuser; run: ALTER ROLE {Sql.Identifier(server.Username)} SUPERUSER; or configure another user.");
        }
    }
}
