using System.Diagnostics;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Retention;
using BackupFunctions.Retention.Policies;

namespace BackupFunctions.Benchmarks.Retention;

/// <summary>
/// Seconds of listing, of choosing what an hourly check reads, and of reading and planning over what is stored on three targets, and the
/// peak of memory. Bases, which no job writes yet, are added to what was read: one a day.
/// </summary>
internal static class PlanBenchmark
{
    public static async Task RunAsync(string folder)
    {
        var targets = StoredHistory.Targets(folder);
        var keys = StoredHistory.Keys(folder);
        var catalog = new StorageCatalog(StoredHistory.Cluster, targets, keys);
        var begin = Stopwatch.GetTimestamp();
        var listed = await ListAsync(catalog);
        Figures.Print("list-seconds", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        Figures.Print("list-backups", listed);
        Figures.Print("list-peak-mib", PeakMebibytes());

        begin = Stopwatch.GetTimestamp();
        var chosen = await ChooseAsync(catalog);
        Figures.Print("choose-seconds", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        Figures.Print("choose-backups", chosen);
        Figures.Print("choose-peak-mib", PeakMebibytes());

        begin = Stopwatch.GetTimestamp();
        var reading = await new RetentionReader(StoredHistory.Cluster, targets, keys, catalog, TimeProvider.System).ReadAsync(new Silent(), CancellationToken.None);
        Figures.Print("read-seconds", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        Figures.Print("read-wal", reading.State.Wal.Count);
        Figures.Print("read-unknowns", reading.State.Unknowns.Count);
        Figures.Print("read-peak-mib", PeakMebibytes());
        var state = reading.State with { Backups = [.. reading.State.Backups, .. StoredLog.Bases(reading.State.Wal.Count)] };
        var plan = new RetentionPlanner().Plan(state, new RetentionPolicy(), StoredHistory.End);
        Figures.Print("plan-seconds", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        Figures.Print("plan-decisions", plan.Copies.Count + plan.Wal.Count);
        Figures.Print("plan-wal-unneeded", plan.Wal.Count(decision => decision.Action == RetentionAction.Tombstone));
        Figures.Print("peak-mib", PeakMebibytes());
    }

    private static double PeakMebibytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1048576.0;
    }

    private static async Task<int> ListAsync(StorageCatalog catalog) => (await catalog.ListAsync(CancellationToken.None)).Backups.Count;

    private static async Task<int> ChooseAsync(StorageCatalog catalog)
    {
        var candidates = await new CandidateReader(catalog, StoredHistory.TargetNames, new RetentionPolicy()).ReadAsync(StoredHistory.End, [], CancellationToken.None);
        return SampleSelection.Choose(candidates, StoredHistory.End, withIncomplete: true).Count;
    }

    private sealed class Silent : IJobReporter
    {
        public void Phase(string phase, long? bytesTotal = null)
        {
        }

        public void Bytes(long done)
        {
        }

        public void AddBytes(long more)
        {
        }

        public void Detail(string detail)
        {
        }

        public void Target(string name)
        {
        }

        public void Failover(string sentence)
        {
        }

        public void Warn(string sentence)
        {
        }
    }
}
