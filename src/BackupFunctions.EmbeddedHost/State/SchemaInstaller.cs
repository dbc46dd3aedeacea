using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Contracts;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Brings the state database to the newest schema; several hosts may do so at once.</summary>
internal static class SchemaInstaller
{
    // Any number nobody else locks: "durable" in ASCII, cut to 8 bytes.
    private const long LockKey = 0x64757261626C65;

    /// <summary>All that is missing, in one transaction.</summary>
    /// <exception cref="PgdrException">The schema is newer than this program.</exception>
    public static async Task InstallAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);
        var installed = await VersionAsync(connection, cancellationToken);
        RefuseNewer(installed);
        if (installed is null)
        {
            await connection.ExecuteAsync("CREATE SCHEMA IF NOT EXISTS durable", cancellationToken);
        }

        foreach (var (version, script) in SchemaScripts.Versions.Where(known => known.Key > (installed ?? 0)))
        {
            await connection.ExecuteAsync(script, cancellationToken);
            await connection.ExecuteAsync("INSERT INTO durable.versions (version) VALUES ($1)", cancellationToken, version);
        }

        await ApplyLogicAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <returns>The installed version; null when there is no schema yet.</returns>
    public static async Task<int?> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await connection.ScalarAsync<bool>("SELECT to_regclass('durable.versions') IS NOT NULL", cancellationToken)
            ? await connection.ScalarAsync<int>("SELECT coalesce(max(version), 0) FROM durable.versions", cancellationToken)
            : null;

    /// <exception cref="PgdrException">The schema is newer than this program.</exception>
    public static void RefuseNewer(int? installed)
    {
        if (installed > SchemaScripts.Newest)
        {
            throw new PgdrException(
                ErrorCodes.StateTooNew,
                $"The state database has schema version {installed}, and this program knows versions up to {SchemaScripts.Newest}: "
                + "run the newer release that made it.");
        }
    }

    /// <summary>
    /// Only when it differs from what was applied last: making a view anew waits for everybody who reads it, a dump for example, and a host
    /// must not.
    /// </summary>
    private static async Task ApplyLogicAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var mark = $"logic {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(SchemaScripts.Logic)))}";
        var applied = await connection.ScalarAsync<string>(
            "SELECT obj_description(to_regnamespace('durable'), 'pg_namespace')", cancellationToken);
        if (applied != mark)
        {
            await connection.ExecuteAsync(SchemaScripts.Logic, cancellationToken);
            await connection.ExecuteAsync($"COMMENT ON SCHEMA durable IS '{mark}'", cancellationToken);
        }
    }
}
