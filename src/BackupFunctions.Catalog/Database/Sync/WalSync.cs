using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Storage;
using Npgsql;

namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>Counts the archived write-ahead log of each target by its names, without a row for each object. What a target that is away had stays.</summary>
internal sealed class WalSync(NpgsqlConnection connection, string cluster, TimeProvider time)
{
    /// <summary>Listing it costs a request for each thousand objects.</summary>
    private static readonly TimeSpan ListAgainAfter = TimeSpan.FromHours(1);

    /// <param name="listing">Which targets can be asked.</param>
    /// <param name="from">The generation that was current before; null: none.</param>
    /// <param name="generation">The generation to write; its targets' rows are there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(StorageListing listing, long? from, long generation, CancellationToken cancellationToken)
    {
        var isFresh = from != generation;
        var listed = (await connection.QueryAsync(
            row => KeyValuePair.Create(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)),
            "SELECT target, wal_listed_at FROM catalog.targets WHERE generation = $1 AND wal_listed_at IS NOT NULL", cancellationToken, generation))
            .ToDictionary(StringComparer.Ordinal);
        var now = time.GetUtcNow();
        var due = listing.Reachable.Where(target => !listed.TryGetValue(target.Name, out var at) || at + ListAgainAfter <= now).ToList();
        foreach (var target in due)
        {
            // One after the other: a target may hold all names of a folder while it lists.
            if (await ListAsync(target, cancellationToken) is { } summary)
            {
                await WriteAsync(target.Name, summary, generation, now, cancellationToken);
            }
        }

        if (isFresh && from is { } before)
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO catalog.wal SELECT $1, target, system_identifier, timeline, objects, segments, bytes, first_segment, last_segment
                FROM catalog.wal WHERE generation = $2 AND target = ANY($3)
                """,
                cancellationToken, generation, before, listing.Away.Keys.ToArray());
        }
    }

    /// <returns>Null when the target went away meanwhile.</returns>
    private async Task<IReadOnlyCollection<WalSummary>?> ListAsync(IStorageTarget target, CancellationToken cancellationToken)
    {
        var summaries = new Dictionary<(string System, int Timeline), WalSummary>();
        var prefix = StorageKeys.Wal(cluster);
        try
        {
            await foreach (var stored in target.ListAsync(prefix, cancellationToken))
            {
                var slash = stored.Key.IndexOf('/', prefix.Length);
                if (slash > 0 && WalObjectName.TryParse(stored.Key.AsSpan(stored.Key.LastIndexOf('/') + 1), out var name))
                {
                    var key = (stored.Key[prefix.Length..slash], name.Timeline);
                    if (!summaries.TryGetValue(key, out var summary))
                    {
                        summaries[key] = summary = new WalSummary(key.Item1, key.Timeline);
                    }

                    summary.Add(name.File, name.Form == WalForm.Segment, stored.Size);
                }
            }

            return summaries.Values;
        }
        catch (StorageException)
        {
            // The next synchronisation names it, if it is still away.
            return null;
        }
    }

    private async Task WriteAsync(string target, IEnumerable<WalSummary> summaries, long generation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("DELETE FROM catalog.wal WHERE generation = $1 AND target = $2", cancellationToken, generation, target);
        foreach (var summary in summaries)
        {
            await connection.ExecuteAsync(
                "INSERT INTO catalog.wal VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                cancellationToken, generation, target, summary.SystemIdentifier, summary.Timeline, summary.Objects, summary.Segments, summary.Bytes,
                summary.FirstSegment, summary.LastSegment);
        }

        await connection.ExecuteAsync(
            """
            INSERT INTO catalog.targets (generation, target, is_reachable, wal_listed_at) VALUES ($1, $2, true, $3)
            ON CONFLICT (generation, target) DO UPDATE SET wal_listed_at = excluded.wal_listed_at
            """,
            cancellationToken, generation, target, now);
        await transaction.CommitAsync(cancellationToken);
    }
}
