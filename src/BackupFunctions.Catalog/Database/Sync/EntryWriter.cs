using Npgsql;
using NpgsqlTypes;

namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>Puts rows in the place of those that a generation has of the same backups: all of a batch, or nothing.</summary>
internal sealed class EntryWriter(NpgsqlConnection connection, string cluster, long generation)
{
    private static readonly string[] Tables = ["entries", "backups", "copies", "statements"];

    public async Task WriteAsync(IReadOnlyList<EntryRows> batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string[] ids = [.. batch.Select(rows => rows.BackupId)];
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var table in Tables)
        {
            await connection.ExecuteAsync($"DELETE FROM catalog.{table} WHERE generation = $1 AND backup_id = ANY($2)", cancellationToken, generation, ids);
        }

        await CopyAsync("entries (generation, backup_id, listed_on, listed, is_settled, read_at)", batch.Select(rows => new object?[]
        {
            generation, rows.BackupId, rows.ListedOn, rows.Listed, rows.IsSettled, now,
        }), cancellationToken);
        await CopyAsync(
            """
            backups (generation, backup_id, kind, database_name, tenant, started_at, snapshot_at, finished_at, duration_seconds, plain_size, stored_size,
                compression_ratio, checksum, status, presence, verified_at, proven_at, tombstoned_at, deleted_at, keep_until, lost_at, metadata)
            """,
            from rows in batch where rows.Backup is not null select Values(rows.BackupId, rows.Backup!),
            cancellationToken);
        await CopyAsync(
            "copies (generation, backup_id, target, state, manifest_sha256, error, verified_at, checked_at, tombstoned_at, deleted_at)",
            from rows in batch from copy in rows.Copies select new object?[]
            {
                generation, rows.BackupId, copy.Target, copy.State, copy.ManifestSha256, copy.Error is null ? null : CatalogJson.Clean(copy.Error),
                copy.VerifiedAt, copy.CheckedAt, copy.TombstonedAt, copy.DeletedAt,
            },
            cancellationToken);
        await CopyAsync(
            "statements (generation, backup_id, name, sha256, kind, at, targets, document)",
            from rows in batch from row in rows.Statements select new object?[]
            {
                generation, rows.BackupId, row.Name, row.Sha256, CatalogNames.Of(row.Statement.Kind), row.Statement.At, row.Targets.ToArray(),
                new Json(CatalogJson.Write(row.Statement)),
            },
            cancellationToken);
        await connection.ExecuteAsync(
            """
            UPDATE catalog.backups b SET job_id = j.run_id FROM catalog.jobs j
            WHERE b.generation = $1 AND b.backup_id = ANY($2) AND j.cluster = $3 AND j.backup_id = b.backup_id
            """,
            cancellationToken, generation, ids, cluster);
        await transaction.CommitAsync(cancellationToken);
    }

    private object?[] Values(string backupId, BackupRow row) =>
    [
        generation, backupId, CatalogNames.Of(row.Manifest.Kind), CatalogJson.Clean(row.Manifest.Database),
        row.Manifest.Tenant is { } tenant ? CatalogJson.Clean(tenant.Id) : null, row.Manifest.StartedAt, row.Manifest.SnapshotAt,
        row.Manifest.FinishedAt, (row.Manifest.FinishedAt - row.Manifest.StartedAt).TotalSeconds, row.Manifest.PlainSize, row.Manifest.StoredSize,
        row.Manifest.StoredSize > 0 ? (double)row.Manifest.PlainSize / row.Manifest.StoredSize : null,
        row.Sha256, CatalogNames.Of(row.Facts.StatusOf(row.Manifest)), row.Presence, row.Facts.VerifiedAt, row.Facts.ProvenAt, row.Facts.TombstonedAt,
        row.Facts.DeletedAt, row.Facts.KeepUntil, row.LostAt, new Json(CatalogJson.Write(row.Manifest)),
    ];

    private async Task CopyAsync(string into, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var import = await connection.BeginBinaryImportAsync($"COPY catalog.{into} FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var row in rows)
        {
            await import.StartRowAsync(cancellationToken);
            foreach (var value in row)
            {
                await WriteAsync(import, value, cancellationToken);
            }
        }

        await import.CompleteAsync(cancellationToken);
    }

    private static Task WriteAsync(NpgsqlBinaryImporter import, object? value, CancellationToken cancellationToken) => value switch
    {
        null => import.WriteNullAsync(cancellationToken),
        long number => import.WriteAsync(number, NpgsqlDbType.Bigint, cancellationToken),
        double number => import.WriteAsync(number, NpgsqlDbType.Double, cancellationToken),
        bool flag => import.WriteAsync(flag, NpgsqlDbType.Boolean, cancellationToken),
        string text => import.WriteAsync(text, NpgsqlDbType.Text, cancellationToken),

        // The column holds UTC only; the documents keep what was written.
        DateTimeOffset time => import.WriteAsync(time.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken),
        string[] texts => import.WriteAsync(texts, NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken),
        long[] numbers => import.WriteAsync(numbers, NpgsqlDbType.Array | NpgsqlDbType.Bigint, cancellationToken),
        Json json => import.WriteAsync(json.Text, NpgsqlDbType.Jsonb, cancellationToken),
        _ => throw new NotSupportedException(value.GetType().Name),
    };

    private readonly record struct Json(string Text);
}
