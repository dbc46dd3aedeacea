using System.Globalization;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Benchmarks.Retention;

/// <summary>Archived log of 400 days on three timelines: signed epochs, and segments of one byte under their true names.</summary>
internal static class StoredLog
{
    private const string System = "7301234567890123456";
    private const int Days = 400;
    private const int DaysOfATimeline = 150;
    private const int Timelines = 3;
    private const int SegmentSize = 16 << 20;

    private static readonly DateTimeOffset First = StoredHistory.End.AddDays(-Days);

    public static void Put(string folder, int segments, SigningKey key)
    {
        var perDay = segments / Days;
        var epochs = Enumerable.Range(1, Timelines).Select(timeline => Epoch(timeline, perDay, key)).ToList();
        foreach (var epoch in epochs)
        {
            var document = WalEpochCodec.Write(epoch, key);
            StoredHistory.Write(folder, StorageKeys.WalEpoch(StoredHistory.Cluster, System, epoch.EpochId), document.Json);
            StoredHistory.Write(folder, StorageKeys.WalEpochSignature(StoredHistory.Cluster, System, epoch.EpochId), document.Signature);
        }

        Parallel.For(0, segments, number =>
        {
            var timeline = TimelineOf(number / perDay);
            var name = WalObjectName.Segment(
                WalSegmentName.Of(timeline, (ulong)number * SegmentSize, SegmentSize), epochs[timeline - 1].EpochId, number.ToString("x64", CultureInfo.InvariantCulture));
            StoredHistory.Write(folder, StorageKeys.WalObject(StoredHistory.Cluster, System, name), [1], First.AddDays((double)number / perDay));
        });
    }

    /// <summary>One a day, as no job writes them yet.</summary>
    public static IEnumerable<KnownBackup> Bases(int segments)
    {
        var perDay = segments / Days;
        return Enumerable.Range(0, Days).Select(day => new KnownBackup
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"base{day:D4}"),
            Form = BackupForm.Base,
            Database = string.Empty,
            SnapshotAt = First.AddDays(day),
            Status = BackupStatus.Verified,
            Copies = [.. StoredHistory.TargetNames.Select(name => new KnownCopy(name))],
            Wal = new WalSpan(System, TimelineOf(day), (ulong)(day * perDay) * SegmentSize, (ulong)((day * perDay) + 1) * SegmentSize),
        });
    }

    private static int TimelineOf(int day) => Math.Min(Timelines, 1 + (day / DaysOfATimeline));

    private static string SwitchTo(int timeline, int perDay) => Lsn.Format((ulong)((timeline - 1) * DaysOfATimeline * perDay) * SegmentSize);

    private static WalEpoch Epoch(int timeline, int perDay, SigningKey key) => new()
    {
        Format = WalEpoch.CurrentFormat,
        Cluster = StoredHistory.Cluster,
        EpochId = $"{First.AddDays((timeline - 1) * DaysOfATimeline):yyyyMMdd'T'HHmmssfff'Z'}-{timeline:x8}",
        SystemIdentifier = System,
        StartedAt = First.AddDays((timeline - 1) * DaysOfATimeline),
        ServerVersionNumber = 150020,
        Timeline = timeline,
        Ancestors = [.. Enumerable.Range(1, timeline - 1).Select(parent => new WalAncestor(parent, SwitchTo(parent + 1, perDay)))],
        StartLsn = SwitchTo(timeline, perDay),
        SegmentSize = SegmentSize,
        Compression = "zstd",
        Encryption = Manifest.Aes256GcmHkdf1Mb,
        Recipients = [new KeyEnvelope("rsa", new string('a', 64), "RSA-OAEP-256", new string('A', 512), "operational")],
        SignedBy = key.KeyId,
    };
}
