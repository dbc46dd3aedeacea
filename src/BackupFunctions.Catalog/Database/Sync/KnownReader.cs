using BackupFunctions.Contracts.Manifests;
using Npgsql;

namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>Reads what a generation holds of some backup ids.</summary>
internal sealed class KnownReader(NpgsqlConnection connection, long generation)
{
    /// <param name="ids">Some hundred.</param>
    /// <param name="onlyTargets">Nothing that other targets said; null: everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Dictionary<string, KnownEntry>> ReadAsync(string[] ids, string[]? onlyTargets, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, KnownEntry>(StringComparer.Ordinal);
        await ReadAsync(
            "SELECT backup_id, listed_on, listed FROM catalog.entries WHERE generation = $1 AND backup_id = ANY($2)",
            row =>
            {
                var entry = known[row.GetString(0)] = new KnownEntry();
                foreach (var (target, listed) in row.GetFieldValue<string[]>(1).Zip(row.GetFieldValue<long[]>(2)))
                {
                    entry.Listed[target] = listed;
                }
            },
            ids, cancellationToken);
        await ReadAsync(
            "SELECT backup_id, metadata::text, checksum, presence, lost_at FROM catalog.backups WHERE generation = $1 AND backup_id = ANY($2)",
            row =>
            {
                if (known.TryGetValue(row.GetString(0), out var entry))
                {
                    entry.Backup = new KnownBackup(CatalogJson.Read<Manifest>(row.GetString(1)), row.GetString(2), row.GetString(3), row.Time(4));
                }
            },
            ids, cancellationToken);
        await ReadAsync(
            """
            SELECT backup_id, target, state, manifest_sha256, error, verified_at, checked_at, tombstoned_at, deleted_at
            FROM catalog.copies WHERE generation = $1 AND backup_id = ANY($2)
            """,
            row =>
            {
                if (known.TryGetValue(row.GetString(0), out var entry))
                {
                    entry.Copies.Add(new CopyRow(row.GetString(1), row.GetString(2), row.Text(3), row.Text(4))
                    {
                        VerifiedAt = row.Time(5), CheckedAt = row.Time(6), TombstonedAt = row.Time(7), DeletedAt = row.Time(8),
                    });
                }
            },
            ids, cancellationToken);
        await ReadAsync(
            "SELECT backup_id, name, sha256, document::text, targets FROM catalog.statements WHERE generation = $1 AND backup_id = ANY($2)",
            row =>
            {
                if (known.TryGetValue(row.GetString(0), out var entry))
                {
                    entry.Statements.Add(new StatementRow(
                        row.GetString(1), row.GetString(2), CatalogJson.Read<Statement>(row.GetString(3)), row.GetFieldValue<string[]>(4)));
                }
            },
            ids, cancellationToken);
        return onlyTargets is null ? known : Restrict(known, onlyTargets);
    }

    private static Dictionary<string, KnownEntry> Restrict(Dictionary<string, KnownEntry> known, string[] targets)
    {
        foreach (var (id, entry) in known)
        {
            entry.Copies.RemoveAll(copy => !targets.Contains(copy.Target, StringComparer.Ordinal));
            if (entry.Copies.Count == 0)
            {
                known.Remove(id);
            }
        }

        return known;
    }

    private async Task ReadAsync(string sql, Action<NpgsqlDataReader> read, string[] ids, CancellationToken cancellationToken)
    {
        await using var command = Sql.Command(connection, sql, generation, ids);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            read(reader);
        }
    }
}
