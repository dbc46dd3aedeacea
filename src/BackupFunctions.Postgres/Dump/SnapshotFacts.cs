using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Swap;

namespace BackupFunctions.Postgres.Dump;

/// <summary>What the catalogs say in the dump's snapshot.</summary>
internal sealed record SnapshotFacts(
    ServerIdentity Server,
    DatabaseProperties Database,
    IReadOnlyList<RoleDefinition> Roles,
    IReadOnlyDictionary<long, CatalogTable> Tables,
    RestoreNeeds Needs,
    bool HasColumnVersions,
    IReadOnlyList<string> Warnings)
{
    /// <param name="snapshot">Of the database.</param>
    /// <param name="schemas">That are dumped: of thousands of others nothing is read. Empty: all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<SnapshotFacts> ReadAsync(Snapshot snapshot, IReadOnlyList<string> schemas, CancellationToken cancellationToken)
    {
        var connection = snapshot.Connection;
        var oid = await connection.SingleAsync<long>(
            "select oid::bigint from pg_database where datname = current_database()", cancellationToken);
        var withHashes = await RoleReader.CanReadHashesAsync(connection, cancellationToken);
        return new SnapshotFacts(
            await ServerIdentityReader.ReadAsync(connection, cancellationToken),
            await DatabasePropertiesReader.ReadAsync(connection, oid, cancellationToken),
            await RoleReader.ReadAsync(connection, withHashes, cancellationToken),
            await TableCatalog.ReadAsync(connection, schemas, cancellationToken),
            await RestoreNeedsReader.ReadAsync(connection, cancellationToken),
            await ColumnVersions.AreKeptAsync(connection, cancellationToken),
            [.. withHashes ? Array.Empty<string>() : [PasswordHashes.Unreadable], .. await CatalogWarnings.ReadAsync(connection, schemas, cancellationToken)]);
    }
}
