using System.Diagnostics;
using System.Globalization;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Retention;
using BackupFunctions.Retention.Policies;
using BackupFunctions.Retention.State;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Local;

namespace BackupFunctions.Benchmarks.Retention;

/// <summary>
/// Seconds of listing and of planning over stored backups, and the peak of memory. Bases and log, which no job writes yet, are added to
/// what was read: 400 daily bases on three timelines.
/// </summary>
internal static class PlanBenchmark
{
    private const string System = "7301234567890123456";
    private const int Bases = 400;
    private const ulong Segment = 16 << 20;

    public static async Task RunAsync(string folder, int segments)
    {
        IReadOnlyList<IStorageTarget> targets = [new LocalTarget(StoredHistory.Target, StoredHistory.TargetFolder(folder))];
        var catalog = new StorageCatalog(StoredHistory.Cluster, targets, StoredHistory.Keys(folder));
        var begin = Stopwatch.GetTimestamp();
        var listing = await catalog.ListAsync(CancellationToken.None);
        Figures.Print("list-seconds", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        Figures.Print("list-backups", listing.Backups.Count);

        begin = Stopwatch.GetTimestamp();
        var reading = await new RetentionReader(StoredHistory.Cluster, targets, catalog, TimeProvider.System).ReadAsync(new Silent(), CancellationToken.None);
        var state = WithLog(reading.State, segments);
        var plan = new RetentionPlanner().Plan(state, new RetentionPolicy(), StoredHistory.End);
        Figures.Print("plan-seconds", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        Figures.Print("plan-decisions", plan.Copies.Count + plan.Wal.Count);
        using var process = Process.GetCurrentProcess();
        Figures.Print("peak-mib", process.PeakWorkingSet64 / 1048576.0);
    }

    private static RetentionState WithLog(RetentionState read, int segments)
    {
        var perDay = segments / Bases;
        var first = StoredHistory.End.AddDays(-Bases);
        IReadOnlyList<KnownCopy> copies = [new KnownCopy(StoredHistory.Target)];
        return read with
        {
            Backups = [.. read.Backups, .. Enumerable.Range(0, Bases).Select(day => Base(day, perDay, first, copies))],
            Wal =
            [
                .. Enumerable.Range(0, segments).Select(number => new KnownWal(
                    System, TimelineOf(number / perDay), (ulong)number * Segment, (ulong)(number + 1) * Segment, first.AddDays((double)number / perDay),
                    string.Create(CultureInfo.InvariantCulture, $"{TimelineOf(number / perDay):X8}{number / 256:X8}{number % 256:X8}"), copies)),
            ],
            Timelines = [.. Enumerable.Range(2, 2).Select(timeline => new KnownTimeline(System, timeline, timeline - 1, (ulong)((timeline - 1) * 150 * perDay) * Segment))],
        };
    }

    private static int TimelineOf(int day) => Math.Min(3, 1 + (day / 150));

    private static KnownBackup Base(int day, int perDay, DateTimeOffset first, IReadOnlyList<KnownCopy> copies) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"base{day:D4}"),
        Form = BackupForm.Base,
        Database = string.Empty,
        SnapshotAt = first.AddDays(day),
        Status = BackupStatus.Verified,
        Copies = copies,
        Wal = new WalSpan(System, TimelineOf(day), (ulong)(day * perDay) * Segment, (ulong)((day * perDay) + 1) * Segment),
    };

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
