using BackupFunctions.Contracts.Manifests;
using Npgsql;

namespace BackupFunctions.Catalog.Database.Reading;

/// <summary>Lists backups as <see cref="StorageCatalog"/> does, from what the last synchronisation read; both make records the same way.</summary>
internal sealed class CatalogReader(NpgsqlConnection connection, StorageCatalog storage)
{
    private const string CurrentGeneration = "SELECT generation FROM catalog.generations WHERE cluster = $1 AND is_current";

    /// <param name="withDeleted">Also backups whose data is gone.</param>
    /// <param name="only">One backup id; null: all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null: nothing was read yet, or other targets than those of the settings.</returns>
    public async Task<CatalogListing?> ListAsync(bool withDeleted, string? only, CancellationToken cancellationToken)
    {
        // One moment for all queries: a rebuild may end in between.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        if (await connection.ScalarAsync<object>(CurrentGeneration, cancellationToken, storage.Cluster) is not long generation)
        {
            return null;
        }

        var targets = (await connection.QueryAsync(
            row => KeyValuePair.Create(row.GetString(0), row.GetBoolean(1) ? null : row.GetString(2)),
            "SELECT target, is_reachable, error FROM catalog.targets WHERE generation = $1", cancellationToken, generation))
            .ToDictionary(StringComparer.Ordinal);
        if (!storage.TargetNames.All(targets.ContainsKey))
        {
            return null;
        }

        var rules = new ListedTargets([.. storage.TargetNames.Select(name => KeyValuePair.Create(name, targets[name]))]);
        var listed = await ReadAsync(generation, only, cancellationToken);
        return new CatalogListing(
            rules.Listing(listed.Values, withDeleted),
            [.. listed.Values.Where(entry => entry.IsLost).Select(entry => entry.BackupId).OrderDescending(StringComparer.Ordinal)]);
    }

    private async Task<Dictionary<string, ListedEntry>> ReadAsync(long generation, string? only, CancellationToken cancellationToken)
    {
        var entries = new Dictionary<string, ListedEntry>(StringComparer.Ordinal);
        ListedEntry Entry(NpgsqlDataReader row)
        {
            var id = row.GetString(0);
            return entries.TryGetValue(id, out var entry) ? entry : entries[id] = new ListedEntry(id);
        }

        await ReadAsync(
            // Without those whose folder is gone.
            "SELECT backup_id, target, manifest_sha256, error FROM catalog.copies WHERE generation = $1 AND state <> 'MISSING' AND (state <> 'DELETED' OR manifest_sha256 IS NOT NULL)",
            row => Entry(row).Copies.Add(new ListedCopy(row.GetString(1), row.Text(2), row.Text(3))),
            generation, only, cancellationToken);
        await ReadAsync(
            "SELECT backup_id, metadata::text, checksum, presence = 'LOST' FROM catalog.backups WHERE generation = $1",
            row =>
            {
                var entry = Entry(row);
                (entry.Manifest, entry.Sha256, entry.IsLost) = (CatalogJson.Read<Manifest>(row.GetString(1)), row.GetString(2), row.GetBoolean(3));
            },
            generation, only, cancellationToken);
        await ReadAsync(
            "SELECT backup_id, name, targets, document::text FROM catalog.statements WHERE generation = $1",
            row => Entry(row).Statements.Add(new ListedStatement(
                row.GetString(1), row.GetFieldValue<string[]>(2), CatalogJson.Read<Statement>(row.GetString(3)))),
            generation, only, cancellationToken);
        return entries;
    }

    private async Task ReadAsync(string sql, Action<NpgsqlDataReader> read, long generation, string? only, CancellationToken cancellationToken)
    {
        await using var command = only is null
            ? Sql.Command(connection, sql, generation)
            : Sql.Command(connection, sql + " AND backup_id = $2", generation, only);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            read(reader);
        }
    }
}
