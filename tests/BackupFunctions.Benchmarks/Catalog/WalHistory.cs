using System.Globalization;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Benchmarks.Retention;

namespace BackupFunctions.Benchmarks.Catalog;

/// <summary>Names of archived write-ahead log on a target, without its bytes: it is counted by listing.</summary>
internal static class WalHistory
{
    private const string System = "7301234567890123456";
    private const string Epoch = "20261021T050000000Z-9f3c01ab";
    private const int SegmentSize = 16 << 20;

    public static void Seed(string folder, int segments)
    {
        var target = StoredHistory.TargetFolder(folder);
        Directory.CreateDirectory(Path.Combine(target, StorageKeys.WalTimeline(StoredHistory.Cluster, System, 1)));
        Parallel.For(0, segments, number =>
        {
            var name = WalSegmentName.Of(1, (ulong)number * SegmentSize, SegmentSize);
            var hash = number.ToString("x32", CultureInfo.InvariantCulture);
            File.WriteAllBytes(Path.Combine(target, StorageKeys.WalTimeline(StoredHistory.Cluster, System, 1), $"{name}-{Epoch}-{hash}"), []);
        });
    }
}
