using System.Diagnostics;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Retention;
using BackupFunctions.Retention.Policies;

namespace BackupFunctions.Benchmarks.Retention;

/// <summary>
/// What is stored on three targets: listed, chosen from for an hourly check, read and planned, each in a process of its own as pgdr does it;
/// seconds and the peak of memory. Bases, which no job writes yet, are added to what was read: one a day.
/// </summary>
internal static class PlanBenchmark
{
    public static Task ListAsync(string folder) => MeasureAsync("list", async () =>
        Figures.Print("list-backups", (await Catalog(folder).ListAsync(CancellationToken.None)).Backups.Count));

    public static Task ChooseAsync(string folder) => MeasureAsync("choose", async () =>
    {
        var reader = new CandidateReader(Catalog(folder), StoredHistory.TargetNames, new RetentionPolicy());
        var candidates = await reader.ReadAsync(StoredHistory.End, [], CancellationToken.None);
        Figures.Print("choose-backups", SampleSelection.Choose(candidates, StoredHistory.End, withIncomplete: true).Count);
    });

    public static Task PlanAsync(string folder) => MeasureAsync("plan", async () =>
    {
        var begin = Stopwatch.GetTimestamp();
        var reader = new RetentionReader(StoredHistory.Cluster, StoredHistory.Targets(folder), StoredHistory.Keys(folder), Catalog(folder), new RetentionPolicy().Grace, TimeProvider.System);
        var read = (await reader.ReadAsync(new Silent(), CancellationToken.None)).State;
        Figures.Print("plan-reading-seconds", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        Figures.Print("plan-wal-objects", read.Wal.Count);
        var plan = new RetentionPlanner().Plan(read with { Backups = [.. read.Backups, .. StoredLog.Bases(read.Wal.Count)] }, new RetentionPolicy(), StoredHistory.End);
        Figures.Print("plan-decisions", plan.Copies.Count + plan.Wal.Sum(log => log.Decisions.Count));
        Figures.Print("plan-wal-unneeded", plan.Wal.SelectMany(log => log.Decisions).Where(decision => decision.Action == RetentionAction.Tombstone).Sum(decision => decision.Objects));
    });

    private static StorageCatalog Catalog(string folder) => new(StoredHistory.Cluster, StoredHistory.Targets(folder), StoredHistory.Keys(folder));

    private static async Task MeasureAsync(string name, Func<Task> work)
    {
        var begin = Stopwatch.GetTimestamp();
        await work();
        Figures.Print($"{name}-seconds", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        using var process = Process.GetCurrentProcess();
        Figures.Print($"{name}-peak-mib", process.PeakWorkingSet64 / 1048576.0);
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
