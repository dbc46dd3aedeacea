using BackupFunctions.Contracts;
using Npgsql;

namespace BackupFunctions.Catalog.Database.Schema;

/// <summary>Brings the catalog to the newest schema; several hosts may do so at once.</summary>
internal static class SchemaInstaller
{
    /// <summary>Any number nobody else locks: "catalog" in ASCII.</summary>
    private const long LockKey = 0x636174616C6F67;

    /// <summary>All that is missing, in one transaction; nothing but one look when nothing is.</summary>
    /// <exception cref="PgdrException">The schema is newer than this program.</exception>
    public static async Task InstallAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await VersionAsync(connection, cancellationToken) is { } present && present >= SchemaScripts.Newest)
        {
            RefuseNewer(present);
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock($1)", cancellationToken, LockKey);
        var installed = await VersionAsync(connection, cancellationToken);
        RefuseNewer(installed);
        if (installed is null)
        {
            await connection.ExecuteAsync("CREATE SCHEMA IF NOT EXISTS catalog", cancellationToken);
        }

        foreach (var (version, script) in SchemaScripts.Versions.Where(known => known.Key > (installed ?? 0)))
        {
            await connection.ExecuteAsync(script, cancellationToken);
            await connection.ExecuteAsync("INSERT INTO catalog.versions (version) VALUES ($1)", cancellationToken, version);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <returns>The installed version; null when there is no schema yet.</returns>
    public static async Task<int?> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        // By a query: to_regclass may answer from what this session saw before it waited for the lock.
        await connection.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'catalog' AND tablename = 'versions')", cancellationToken)
            ? await connection.ScalarAsync<int>("SELECT coalesce(max(version), 0) FROM catalog.versions", cancellationToken)
            : null;

    private static void RefuseNewer(int? installed)
    {
        if (installed > SchemaScripts.Newest)
        {
            throw new CatalogException(
                ErrorCodes.StateTooNew,
                $"The catalog has schema version {installed}, and this program knows versions up to {SchemaScripts.Newest}: run the newer release that made it.");
        }
    }
}
