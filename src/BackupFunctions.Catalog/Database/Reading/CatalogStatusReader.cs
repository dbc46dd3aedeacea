using BackupFunctions.Catalog.Database.Schema;

namespace BackupFunctions.Catalog.Database.Reading;

/// <summary>Looks at a catalog without making or changing anything.</summary>
public static class CatalogStatusReader
{
    /// <exception cref="CatalogException">The catalog cannot be reached or read.</exception>
    public static Task<CatalogStatus> ReadAsync(CatalogDatabase database, string cluster, TimeProvider time, CancellationToken cancellationToken) => database.LookAsync(
        async connection =>
        {
            var status = new CatalogStatus { Place = database.Place, ExpectedSchemaVersion = SchemaScripts.Newest, SchemaVersion = await SchemaInstaller.VersionAsync(connection, cancellationToken) };
            if (status.SchemaVersion is not { } version || version != SchemaScripts.Newest)
            {
                return status;
            }

            // Queries of one row each.
            var rows = await connection.QueryAsync(
                row => status with
                {
                    SyncedAt = row.Time(0),
                    SyncSeconds = row.IsDBNull(1) ? null : row.GetDouble(1),
                    Backups = row.GetInt64(2),
                    Lost = row.GetInt64(3),
                    Copies = row.GetInt64(4),
                    UnknownCopies = row.GetInt64(5),
                    Statements = row.GetInt64(6),
                    WalObjects = row.GetInt64(7),
                    Jobs = row.GetInt64(8),
                    Restores = row.GetInt64(9),
                    OpenAlerts = row.GetInt64(10),
                },
                """
                WITH g AS (SELECT generation, synced_at, sync_seconds FROM catalog.generations WHERE cluster = $1 AND is_current),
                    away AS (SELECT t.generation, t.target FROM catalog.targets t JOIN g USING (generation) WHERE NOT t.is_reachable)
                SELECT (SELECT synced_at FROM g), (SELECT sync_seconds FROM g),
                    (SELECT count(*) FROM catalog.backups JOIN g USING (generation)),
                    (SELECT count(*) FROM catalog.backups JOIN g USING (generation) WHERE presence = 'LOST'),
                    (SELECT count(*) FROM catalog.copies JOIN g USING (generation)),
                    (SELECT count(*) FROM catalog.copies JOIN away USING (generation, target)),
                    (SELECT count(*) FROM catalog.statements JOIN g USING (generation)),
                    (SELECT coalesce(sum(objects), 0)::bigint FROM catalog.wal JOIN g USING (generation)),
                    (SELECT count(*) FROM catalog.jobs WHERE cluster = $1),
                    (SELECT count(*) FROM catalog.restores WHERE cluster = $1),
                    (SELECT count(*) FROM catalog.alerts WHERE cluster = $1 AND state <> 'RESOLVED')
                """,
                cancellationToken, cluster);
            var away = await connection.QueryAsync(
                row => row.GetString(0),
                """
                SELECT t.error FROM catalog.targets t JOIN catalog.generations g USING (generation)
                WHERE g.cluster = $1 AND g.is_current AND NOT t.is_reachable ORDER BY t.target
                """,
                cancellationToken, cluster);
            return rows[0] with
            {
                LagSeconds = rows[0].SyncedAt is { } synced ? Math.Round((time.GetUtcNow() - synced).TotalSeconds, 1) : null,
                Unreachable = away,
            };
        },
        cancellationToken);
}
