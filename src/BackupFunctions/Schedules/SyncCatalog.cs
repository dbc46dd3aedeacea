using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using BackupFunctions.Listing;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Schedules;

/// <summary>Every five minutes by default (CATALOG_SYNC_SCHEDULE): the catalog learns what is new in storage and in the run store.</summary>
public sealed class SyncCatalog(Lazy<StorageCatalog> storage, CatalogAccess catalog, ILogger<SyncCatalog> logger)
{
    [Function(nameof(SyncCatalog))]
    public async Task Run([TimerTrigger("%CATALOG_SYNC_SCHEDULE%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        try
        {
            if (await catalog.SyncAsync(storage.Value, cancellationToken) is { Read: > 0 } done)
            {
                logger.LogInformation(
                    "Catalog: {Read} of {Listed} backups read in {Seconds} s{PastDue}.", done.Read, done.Listed, done.Seconds, timer.IsPastDue ? " (past due)" : string.Empty);
            }
        }
        catch (PgdrException e)
        {
            // A view that is behind stops nothing.
            logger.LogWarning("The catalog was not brought up to date: {Cause}", e.Message);
        }
    }
}
