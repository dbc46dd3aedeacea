using BackupFunctions.Contracts;
using Npgsql;

namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>
/// Brings what the catalog says of storage up to date. Folders and statements are listed, and only what is new, changed or not in order is
/// read; the rest is read again in turn, so that a manifest that was altered later is noticed within <see cref="ReadAgainAfter"/>.
/// </summary>
internal sealed class StorageSync(NpgsqlConnection connection, StorageCatalog storage, TimeProvider time)
{
    /// <summary>What is in order is read again after so long.</summary>
    public static readonly TimeSpan ReadAgainAfter = TimeSpan.FromDays(1);

    /// <summary>Of those: at most so many at a time.</summary>
    private const int MostReadAgain = 500;

    private const int BatchSize = 200;

    private readonly Generations _generations = new(connection, storage.Cluster);

    /// <param name="rebuild">From storage alone, into a fresh generation.</param>
    /// <param name="withWal">Also count the write-ahead log, where that is due.</param>
    /// <param name="cancellationToken">Ends it; what was written by then stays good.</param>
    /// <returns>Ids listed, ids read, targets away.</returns>
    public async Task<(int Listed, int Read, StorageListing Listing)> RunAsync(bool rebuild, bool withWal, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        await _generations.RemoveOthersAsync(cancellationToken);
        var current = await _generations.CurrentAsync(cancellationToken);
        var scan = await storage.ScanAsync(cancellationToken);
        if (scan.Listing is { Reachable.Count: 0, FirstAway: { } cause } && current is null)
        {
            // An empty catalog would look like storage without backups.
            throw new CatalogException(ErrorCodes.TargetUnreachable, $"The catalog cannot be made, because no storage target can be read: {cause.Message}", cause);
        }

        var generation = current is null || rebuild ? await _generations.CreateAsync(time.GetUtcNow(), cancellationToken) : current.Value;
        var ids = generation == current
            ? await ChangedAsync(scan.Listing, generation, cancellationToken)
            : await AllAsync(scan.Listing, current, cancellationToken);
        await ReadAsync(scan, ids, from: current, generation, cancellationToken);
        if (withWal || generation != current)
        {
            await new WalSync(connection, storage.Cluster, time).RunAsync(scan.Listing, current, generation, cancellationToken);
        }

        var now = time.GetUtcNow();
        await _generations.CompleteAsync(generation, scan.Listing, now, time.GetElapsedTime(begin).TotalSeconds, cancellationToken);
        await _generations.RemoveOthersAsync(cancellationToken);
        return (scan.Listing.Backups.Count, ids.Count, scan.Listing);
    }

    private async Task ReadAsync(CatalogScan scan, List<string> ids, long? from, long generation, CancellationToken cancellationToken)
    {
        var writer = new EntryWriter(connection, storage.Cluster, generation);
        var known = from is { } source ? new KnownReader(connection, source) : null;

        // A rebuild takes over only what nobody can be asked about now.
        var onlyTargets = from == generation ? null : scan.Listing.Away.Keys.ToArray();
        var batch = new List<CatalogEntry>(BatchSize);

        // One batch is written while the next one is read.
        var writing = Task.CompletedTask;
        try
        {
            await foreach (var entry in scan.ReadAsync(ids, cancellationToken))
            {
                batch.Add(entry);
                if (batch.Count == BatchSize)
                {
                    await writing;
                    writing = WriteAsync(batch);
                    batch = new List<CatalogEntry>(BatchSize);
                }
            }

            await writing;
            await WriteAsync(batch);
        }
        finally
        {
            // The connection must not be left in use.
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task WriteAsync(List<CatalogEntry> entries)
        {
            if (entries.Count == 0)
            {
                return;
            }

            var before = known is null || onlyTargets is { Length: 0 }
                ? []
                : await known.ReadAsync([.. entries.Select(entry => entry.BackupId)], onlyTargets, cancellationToken);
            var now = time.GetUtcNow();
            var builder = new EntryRowsBuilder(scan.Listing, now);
            await writer.WriteAsync(
                [.. entries.Select(entry => builder.Build(entry, before.GetValueOrDefault(entry.BackupId, KnownEntry.None)))], now, cancellationToken);
        }
    }

    /// <summary>Whatever storage lists, and what only a target that is away may have.</summary>
    private async Task<List<string>> AllAsync(StorageListing listing, long? before, CancellationToken cancellationToken)
    {
        List<string> ids = [.. listing.Backups.Keys];
        if (before is { } generation && listing.Away.Count > 0)
        {
            var away = await connection.QueryAsync(
                row => row.GetString(0),
                "SELECT DISTINCT backup_id FROM catalog.copies WHERE generation = $1 AND target = ANY($2)",
                cancellationToken, generation, listing.Away.Keys.ToArray());
            ids.AddRange(away.Where(id => !listing.Backups.ContainsKey(id)));
        }

        return ids;
    }

    private async Task<List<string>> ChangedAsync(StorageListing listing, long generation, CancellationToken cancellationToken)
    {
        var oldest = time.GetUtcNow() - ReadAgainAfter;
        var again = 0;
        var changed = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await using var command = Sql.Command(
            connection, "SELECT backup_id, listed_on, listed, is_settled, read_at FROM catalog.entries WHERE generation = $1 ORDER BY read_at", generation);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetString(0);
            var listed = listing.Backups.GetValueOrDefault(id);
            if (listed is not null)
            {
                seen.Add(id);
            }

            if (!reader.GetBoolean(3)
                || IsOther(listing, listed, reader.GetFieldValue<string[]>(1), reader.GetFieldValue<long[]>(2))
                || (reader.GetFieldValue<DateTimeOffset>(4) < oldest && again++ < MostReadAgain))
            {
                changed.Add(id);
            }
        }

        changed.AddRange(listing.Backups.Keys.Where(id => !seen.Contains(id)));
        return changed;
    }

    private static bool IsOther(StorageListing listing, ListedBackup? listed, string[] targets, long[] before)
    {
        for (var place = 0; place < listing.Targets.Count; place++)
        {
            var name = listing.Targets[place].Name;
            var index = Array.IndexOf(targets, name);
            if (!listing.Away.ContainsKey(name) && (listed?.Listed[place] ?? 0) != (index < 0 ? 0 : before[index]))
            {
                return true;
            }
        }

        return false;
    }
}
