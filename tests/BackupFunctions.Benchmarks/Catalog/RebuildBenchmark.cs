using System.Diagnostics;
using System.Text.Json;
using BackupFunctions.Benchmarks.Retention;
using BackupFunctions.Catalog;
using BackupFunctions.Catalog.Database;
using BackupFunctions.Catalog.Database.Sync;
using BackupFunctions.Contracts;

namespace BackupFunctions.Benchmarks.Catalog;

/// <summary>Seconds of a rebuild, of a synchronisation without news and of a list, by the catalog and by storage, and the peak of memory.</summary>
internal static class RebuildBenchmark
{
    public static async Task RunAsync(string folder, string connection)
    {
        var storage = new StorageCatalog(StoredHistory.Cluster, StoredHistory.Targets(folder), StoredHistory.Keys(folder));
        await using var database = new CatalogDatabase(connection);
        var sync = new CatalogSync(database, storage, runs: null, TimeProvider.System);

        var begin = Stopwatch.GetTimestamp();
        var rebuilt = await sync.RunAsync(rebuild: true, CancellationToken.None);
        Figures.Print("rebuild-seconds", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        Figures.Print("rebuild-backups", rebuilt.Read);
        PrintPeak("rebuild-peak-mib");

        begin = Stopwatch.GetTimestamp();
        await sync.RunAsync(rebuild: false, CancellationToken.None);
        Figures.Print("sync-seconds", Stopwatch.GetElapsedTime(begin).TotalSeconds);

        begin = Stopwatch.GetTimestamp();
        var lists = new BackupLists(storage, database, TimeProvider.System, notice => throw new InvalidOperationException(notice));
        var listed = await lists.ListAsync(withDeleted: false, CancellationToken.None);
        Figures.Print("list-seconds", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        PrintPeak("peak-mib");

        begin = Stopwatch.GetTimestamp();
        var expected = await storage.ListAsync(CancellationToken.None);
        Figures.Print("storage-list-seconds", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        if (Json(listed) != Json(expected))
        {
            throw new InvalidOperationException("The catalog lists something else than storage.");
        }
    }

    private static string Json(BackupListing listing) => JsonSerializer.Serialize(listing.Backups, ContractJson.Options);

    private static void PrintPeak(string figure)
    {
        using var process = Process.GetCurrentProcess();
        Figures.Print(figure, process.PeakWorkingSet64 / 1048576.0);
    }
}
