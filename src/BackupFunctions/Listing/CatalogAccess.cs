using BackupFunctions.Catalog;
using BackupFunctions.Catalog.Database;
using BackupFunctions.Catalog.Database.Sync;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.Settings;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Listing;

/// <summary>The catalog of this installation, where it has one. What it says is shown; nothing is decided by it.</summary>
public sealed class CatalogAccess : IAsyncDisposable
{
    private readonly ILogger<CatalogAccess> _logger;
    private readonly Lazy<CatalogDatabase?> _database;
    private readonly BackupSettings _settings;
    private readonly TimeProvider _time;

    public CatalogAccess(BackupSettings settings, TimeProvider time, ILogger<CatalogAccess> logger)
    {
        _settings = settings;
        _time = time;
        _logger = logger;

        // Made again after a failure: a file that cannot be read may be there the next time.
        _database = new Lazy<CatalogDatabase?>(() => CatalogSource.OpenDatabase(settings), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <exception cref="Contracts.PgdrException">CATALOG_CONNECTION cannot be read, or is no connection string.</exception>
    public BackupLists Lists(StorageCatalog storage) => new(storage, _database.Value, _time, notice => _logger.LogWarning("{Notice}", notice));

    /// <returns>Null when there is no catalog.</returns>
    /// <exception cref="Contracts.PgdrException">The catalog, or storage, cannot be used.</exception>
    public async Task<SyncSummary?> SyncAsync(StorageCatalog storage, CancellationToken cancellationToken) => _database.Value is { } database
        ? await new CatalogSync(database, storage, new RunStore(_settings.RunStorePath), _time).RunAsync(rebuild: false, cancellationToken)
        : null;

    public async ValueTask DisposeAsync()
    {
        if (_database is { IsValueCreated: true, Value: { } database })
        {
            await database.DisposeAsync();
        }
    }
}
