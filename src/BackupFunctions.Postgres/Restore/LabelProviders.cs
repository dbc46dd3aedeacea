using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Swap;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

/// <summary>
/// Providers of security labels, which pg_restore needs in its sessions: loaded by the server, or by the database's own
/// session_preload_libraries, which a scratch database gets before the restore.
/// </summary>
public static class LabelProviders
{
    private const string Setting = "session_preload_libraries";

    /// <summary>Gives the scratch database the libraries of the database, when there are labels; the rest of the settings follows at the swap.</summary>
    public static async Task PrepareAsync(
        ServerConnection server, string scratch, RestoreNeeds? needs, DatabaseProperties database, CancellationToken cancellationToken)
    {
        if (needs is { LabelProviders.Count: > 0 } && Libraries(database) is { } libraries)
        {
            await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
            await connection.ExecuteAsync($"ALTER DATABASE {Sql.Identifier(scratch)} {ConfigEntry.SetClause(Setting, libraries)}", cancellationToken);
        }
    }

    /// <summary>Tried in a session of its own, which ends with what it has loaded.</summary>
    /// <exception cref="PgdrException">server.extensions: the restore would fail at the first label.</exception>
    internal static async Task CheckAsync(
        ServerConnection server, RestoreNeeds needs, DatabaseProperties database, CancellationToken cancellationToken)
    {
        if (needs.LabelProviders.Count == 0)
        {
            return;
        }

        var (connection, refusal) = await LoadAsync(server, database, cancellationToken);
        await using var session = connection;
        foreach (var provider in needs.LabelProviders)
        {
            if (!await AnswersAsync(connection, provider, cancellationToken))
            {
                throw new PgdrException(
                    ErrorCodes.ExtensionsMissing,
                    $"The backup has security labels of provider {Sql.Identifier(provider)}, which server {server.Endpoint} has not loaded{refusal}: install its library there and name it in "
                    + "shared_preload_libraries, or remove the labels in the source database and take another backup.");
            }
        }
    }

    /// <returns>A session with the database's own libraries; and why one of them cannot be loaded, as a part of a sentence, empty when all are.</returns>
    private static async Task<(NpgsqlConnection Session, string Refusal)> LoadAsync(
        ServerConnection server, DatabaseProperties database, CancellationToken cancellationToken)
    {
        var session = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        try
        {
            foreach (var library in ConfigEntry.Names(Libraries(database) ?? string.Empty))
            {
                await session.ExecuteAsync($"LOAD {Sql.Literal(library)}", cancellationToken);
            }

            return (session, string.Empty);
        }
        catch (PostgresException e)
        {
            // After an error of files Npgsql takes the connection for broken.
            await session.DisposeAsync();
            return (await server.OpenAsync(server.MaintenanceDatabase, cancellationToken), $" ({e.MessageText})");
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether it is loaded is said before the object is looked for.</summary>
    private static async Task<bool> AnswersAsync(NpgsqlConnection connection, string provider, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync($"SECURITY LABEL FOR {Sql.Identifier(provider)} ON SCHEMA pgdr_no_such_schema IS NULL", cancellationToken);
            return true;
        }
        catch (PostgresException e)
        {
            return e.SqlState is not PostgresErrorCodes.InvalidParameterValue;
        }
    }

    private static string? Libraries(DatabaseProperties database) =>
        database.Settings.FirstOrDefault(static setting => setting.Role is null && string.Equals(setting.Name, Setting, StringComparison.OrdinalIgnoreCase))?.Value;
}
