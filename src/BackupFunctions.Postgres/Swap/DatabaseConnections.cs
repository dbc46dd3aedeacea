using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Swap;

/// <summary>Closes and opens databases. ALLOW_CONNECTIONS false turns away superusers too.</summary>
internal static class DatabaseConnections
{
    public static Task SetAsync(NpgsqlConnection connection, string name, bool allow, CancellationToken cancellationToken) =>
        connection.ExecuteAsync($"ALTER DATABASE {Sql.Identifier(name)} ALLOW_CONNECTIONS {(allow ? "true" : "false")}", cancellationToken);

    /// <summary>
    /// Gives a live database that a swap has closed its connections back. Once it has been renamed it is the kept one and stays closed.
    /// </summary>
    public static async Task AllowAgainAsync(NpgsqlConnection connection, DatabaseMarker? scratch, CancellationToken cancellationToken)
    {
        if (scratch is { LiveOid: { } oid, Live.AllowConnections: true }
            && await DatabaseRow.FindAsync(connection, oid, cancellationToken) is { AllowsConnections: false } live
            && string.Equals(live.Name, scratch.Database, StringComparison.Ordinal))
        {
            await SetAsync(connection, live.Name, allow: true, cancellationToken);
        }
    }
}
