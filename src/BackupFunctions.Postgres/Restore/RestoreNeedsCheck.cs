using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

/// <summary>Whether a server has what a dump needs, found out before anything is touched.</summary>
public static class RestoreNeedsCheck
{
    private const string Available = "select name::text, version from pg_available_extension_versions";
    private const string Tablespaces = "select spcname::text from pg_tablespace";

    /// <param name="server">To restore onto.</param>
    /// <param name="needs">Of the backup.</param>
    /// <param name="database">Of the backup: it may load libraries of its own.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Warnings, one sentence each: other versions of extensions.</returns>
    /// <exception cref="PgdrException">
    /// server.too-old: features of a newer version; server.extensions (providers of security labels, too), server.tablespaces: not there, all of them named.
    /// </exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        ServerConnection server, RestoreNeeds needs, DatabaseProperties database, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        CheckFeatures(needs, server, connection.PostgreSqlVersion.Major);
        await CheckTablespacesAsync(connection, needs, server, cancellationToken);
        var warnings = await CheckExtensionsAsync(connection, needs, server, cancellationToken);
        await LabelProviders.CheckAsync(server, needs, database, cancellationToken);
        return [.. warnings];
    }

    private static void CheckFeatures(RestoreNeeds needs, ServerConnection server, int major)
    {
        var unknown = needs.Features.Where(feature => feature.SinceMajor > major).ToArray();
        if (unknown.Length > 0)
        {
            var newest = unknown.Max(static feature => feature.SinceMajor);
            throw new PgdrException(
                ErrorCodes.ServerTooOld,
                $"Server {server.Endpoint} is of version {major}, and the backup uses "
                + $"{string.Join("; ", unknown.Select(static feature => $"{feature.Name} ({feature.Example})"))}: "
                + $"restore onto a server of version {newest} or later, or change that in the source database and take another backup.");
        }
    }

    private static async Task CheckTablespacesAsync(
        NpgsqlConnection connection, RestoreNeeds needs, ServerConnection server, CancellationToken cancellationToken)
    {
        var there = await connection.QueryAsync(Tablespaces, static row => row.GetString(0), cancellationToken);
        var missing = needs.Tablespaces.Except(there, StringComparer.Ordinal).ToArray();
        if (missing.Length > 0)
        {
            throw new PgdrException(
                ErrorCodes.TablespacesRefused,
                $"Server {server.Endpoint} lacks the tablespaces {Names(missing)} that the backup uses; run, on each with a folder of its own: "
                + $"{string.Join(" ", missing.Select(static name => $"CREATE TABLESPACE {Sql.Identifier(name)} LOCATION '...';"))}");
        }
    }

    private static async Task<IEnumerable<string>> CheckExtensionsAsync(
        NpgsqlConnection connection, RestoreNeeds needs, ServerConnection server, CancellationToken cancellationToken)
    {
        var available = (await connection.QueryAsync(Available, static row => (Name: row.GetString(0), Version: row.GetString(1)), cancellationToken))
            .ToLookup(static each => each.Name, static each => each.Version, StringComparer.Ordinal);
        var missing = needs.Extensions.Where(extension => !available.Contains(extension.Name)).ToArray();
        if (missing.Length > 0)
        {
            throw new PgdrException(
                ErrorCodes.ExtensionsMissing,
                $"Server {server.Endpoint} lacks the extensions {string.Join(", ", missing.Select(static each => $"{each.Name} {each.Version}"))} that the backup uses; "
                + $"install their packages there for version {connection.PostgreSqlVersion.Major}, or drop them in the source database and take another backup.");
        }

        return needs.Extensions.Where(extension => !available[extension.Name].Contains(extension.Version, StringComparer.Ordinal)).Select(extension =>
            $"Extension {extension.Name} was of version {extension.Version}, which server '{server.Name}' does not have; it gets the server's own.");
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(Sql.Identifier));
}
