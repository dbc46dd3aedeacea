using BackupFunctions.Catalog.Database.Runs;
using BackupFunctions.JobRunners.Runs;
using Npgsql;

namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>Brings the catalog up to date. Safe to run at any time, by several processes at once, and to end at any moment.</summary>
public sealed class CatalogSync
{
    /// <summary>Longer than a synchronisation with little news takes, such as the one behind a backup that has just ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CatalogDatabase _database;
    private readonly StorageCatalog _storage;
    private readonly RunStore? _runs;
    private readonly TimeProvider _time;

    /// <param name="database">The catalog.</param>
    /// <param name="storage">What it shows.</param>
    /// <param name="runs">Whose jobs it shows; null: storage alone.</param>
    /// <param name="time">The clock.</param>
    public CatalogSync(CatalogDatabase database, StorageCatalog storage, RunStore? runs, TimeProvider time) =>
        (_database, _storage, _runs, _time) = (database, storage, runs, time);

    /// <summary>Storage and run store; waits while somebody else is at it.</summary>
    /// <param name="rebuild">From storage alone, into a fresh generation that takes the old one's place when it is whole.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CatalogException">The catalog cannot be used.</exception>
    public async Task<SyncSummary> RunAsync(bool rebuild, CancellationToken cancellationToken) =>
        (await RunAsync(rebuild, wait: true, cancellationToken))!;

    /// <summary>Storage alone, unless somebody else is at it for longer than a person likes to wait.</summary>
    internal Task FreshenAsync(CancellationToken cancellationToken) => RunAsync(rebuild: false, wait: false, cancellationToken);

    private async Task<SyncSummary?> RunAsync(bool rebuild, bool wait, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.UseAsync(connection => LockedAsync(connection, rebuild, wait, cancellationToken), cancellationToken);
        }
        catch (CatalogException e) when (e.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InvalidSchemaName,
        })
        {
            // Somebody dropped a part of it. Nothing is lost with the rest.
            await _database.DropAsync(cancellationToken);
            return await _database.UseAsync(connection => LockedAsync(connection, rebuild, wait, cancellationToken), cancellationToken);
        }
    }

    private async Task<SyncSummary?> LockedAsync(NpgsqlConnection connection, bool rebuild, bool wait, CancellationToken cancellationToken)
    {
        if (wait)
        {
            await CatalogLock.TakeAsync(connection, _storage.Cluster, cancellationToken);
        }
        else if (!await TakeSoonAsync(connection, cancellationToken))
        {
            return null;
        }

        try
        {
            var begin = _time.GetTimestamp();
            var (listed, read, listing) = await new StorageSync(connection, _storage, _time).RunAsync(rebuild, withWal: wait, cancellationToken);
            var jobs = _runs is null ? 0 : await new RunImport(connection, _storage.Cluster, _runs).RunAsync(anew: rebuild, cancellationToken);
            return new SyncSummary(
                rebuild, listed, read, jobs, Math.Round(_time.GetElapsedTime(begin).TotalSeconds, 2), [.. listing.Away.Values.Select(cause => cause.Message)]);
        }
        finally
        {
            await CatalogLock.ReleaseAsync(connection, _storage.Cluster);
        }
    }

    private async Task<bool> TakeSoonAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var begin = _time.GetTimestamp();
        while (!await CatalogLock.TryTakeAsync(connection, _storage.Cluster, cancellationToken))
        {
            if (_time.GetElapsedTime(begin) >= Patience)
            {
                return false;
            }

            await Task.Delay(Pause, _time, cancellationToken);
        }

        return true;
    }
}
