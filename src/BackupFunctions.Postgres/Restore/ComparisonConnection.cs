using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

/// <summary>Connections on which COPY writes a row with the same bytes as pg_dump did, whatever role and database are set to.</summary>
internal static class ComparisonConnection
{
    // pg_dump sets DateStyle, IntervalStyle and extra_float_digits itself; the rest it runs with is in ToolEnvironment.
    private const string Settings = """
        set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; set extra_float_digits = 3;
        set bytea_output = 'hex'; set lc_monetary = 'C'; set search_path = ''; set row_security = off;
        set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0; set synchronize_seqscans = off
        """;

    public static async Task<NpgsqlConnection> OpenAsync(ServerConnection server, string database, CancellationToken cancellationToken)
    {
        var connection = await server.OpenAsync(database, cancellationToken);
        try
        {
            await connection.ExecuteAsync(Settings, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
