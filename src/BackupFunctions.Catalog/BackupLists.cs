using BackupFunctions.Catalog.Database;
using BackupFunctions.Catalog.Database.Reading;
using BackupFunctions.Catalog.Database.Sync;

namespace BackupFunctions.Catalog;

/// <summary>
/// Lists of backups for people: from the catalog where there is one, brought up to date first (unless somebody else is at that, for long),
/// else from storage. Never for what decides: recovery, retention, deletion and repair read storage.
/// </summary>
public sealed class BackupLists
{
    private readonly StorageCatalog _storage;
    private readonly CatalogDatabase? _database;
    private readonly TimeProvider _time;
    private readonly Action<string> _notice;

    /// <param name="storage">What is shown.</param>
    /// <param name="database">Null: there is no catalog.</param>
    /// <param name="time">The clock.</param>
    /// <param name="notice">Gets one sentence when the catalog does not answer, or knows of lost backups.</param>
    public BackupLists(StorageCatalog storage, CatalogDatabase? database, TimeProvider time, Action<string> notice) =>
        (_storage, _database, _time, _notice) = (storage, database, time, notice);

    /// <inheritdoc cref="StorageCatalog.ListAsync(bool, CancellationToken)"/>
    public Task<BackupListing> ListAsync(bool withDeleted, CancellationToken cancellationToken) => ListAsync(withDeleted, only: null, cancellationToken);

    /// <param name="withDeleted">Also backups whose data is gone.</param>
    /// <param name="only">One backup id, which saves time with a catalog; null: all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<BackupListing> ListAsync(bool withDeleted, string? only, CancellationToken cancellationToken)
    {
        if (_database is null)
        {
            return await _storage.ListAsync(withDeleted, cancellationToken);
        }

        try
        {
            await new CatalogSync(_database, _storage, runs: null, _time).FreshenAsync(cancellationToken);
            if (await _database.UseAsync(connection => new CatalogReader(connection, _storage).ListAsync(withDeleted, only, cancellationToken), cancellationToken)
                is { } found)
            {
                NoticeLost(found);
                return found.Listing;
            }

            _notice("The catalog is being made and not ready: storage was read instead.");
        }
        catch (CatalogException e)
        {
            _notice($"{e.Message} Storage was read instead.");
        }

        return await _storage.ListAsync(withDeleted, cancellationToken);
    }

    private void NoticeLost(CatalogListing found)
    {
        if (found.Lost is [var newest, ..])
        {
            _notice(
                $"{found.Lost.Count} backups that were in storage are on no target any more, although nobody deleted them; the newest is {newest}. "
                + "Find out who removed them; 'pgdr catalog rebuild' forgets them.");
        }
    }
}
