using Npgsql;

namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>What was read of one cluster's storage, numbered; one is current. The caller holds the lock of synchronisations.</summary>
internal sealed class Generations(NpgsqlConnection connection, string cluster)
{
    private static readonly string[] Tables = ["entries", "backups", "copies", "statements", "wal"];

    /// <returns>Null: nothing was read yet.</returns>
    public async Task<long?> CurrentAsync(CancellationToken cancellationToken) => await connection.ScalarAsync<object>(
        "SELECT generation FROM catalog.generations WHERE cluster = $1 AND is_current", cancellationToken, cluster) as long?;

    public Task<long> CreateAsync(DateTimeOffset now, CancellationToken cancellationToken) => connection.ScalarAsync<long>(
        "INSERT INTO catalog.generations (cluster, created_at) VALUES ($1, $2) RETURNING generation", cancellationToken, cluster, now);

    /// <summary>Says how the targets were found, and that the generation is whole; it becomes the current one.</summary>
    public async Task CompleteAsync(long generation, StorageListing listing, DateTimeOffset now, double seconds, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        string[] names = [.. listing.Targets.Select(target => target.Name)];
        await connection.ExecuteAsync(
            "DELETE FROM catalog.targets WHERE generation = $1 AND target <> ALL($2)", cancellationToken, generation, names);
        foreach (var name in names)
        {
            var error = listing.Away.GetValueOrDefault(name)?.Message;
            await connection.ExecuteAsync(
                """
                INSERT INTO catalog.targets (generation, target, is_reachable, error, listed_at)
                VALUES ($1, $2, $3, $4, CASE WHEN $3 THEN $5::timestamptz END)
                ON CONFLICT (generation, target) DO UPDATE
                SET is_reachable = excluded.is_reachable, error = excluded.error, listed_at = coalesce(excluded.listed_at, targets.listed_at)
                """,
                cancellationToken, generation, name, error is null, error is null ? null : CatalogJson.Clean(error), now);
        }

        await connection.ExecuteAsync(
            "UPDATE catalog.generations SET is_current = false WHERE cluster = $1 AND generation <> $2 AND is_current", cancellationToken, cluster, generation);
        await connection.ExecuteAsync(
            "UPDATE catalog.generations SET is_current = true, synced_at = $2, sync_seconds = $3 WHERE generation = $1",
            cancellationToken, generation, now, seconds);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Removes what is not current: the generation before, and what a rebuild that was killed left.</summary>
    public async Task RemoveOthersAsync(CancellationToken cancellationToken)
    {
        var others = await connection.QueryAsync(
            row => row.GetInt64(0), "SELECT generation FROM catalog.generations WHERE cluster = $1 AND NOT is_current", cancellationToken, cluster);
        foreach (var generation in others)
        {
            foreach (var table in Tables)
            {
                await connection.ExecuteAsync($"DELETE FROM catalog.{table} WHERE generation = $1", cancellationToken, generation);
            }

            await connection.ExecuteAsync("DELETE FROM catalog.generations WHERE generation = $1", cancellationToken, generation);
        }
    }
}
