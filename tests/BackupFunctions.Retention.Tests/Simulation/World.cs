using System.Globalization;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Tests.Simulation;

/// <summary>Storage and the servers it protects, as they really are.</summary>
internal sealed class World
{
    public const string System = "7301";
    public const ulong Segment = 16 << 20;
    public static readonly string[] Targets = ["b2", "local", "r2"];

    private int _ids;
    private string? _epoch;

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 5, 0, 0, TimeSpan.Zero);

    public Dictionary<string, KnownBackup> Backups { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, KnownWal> Wal { get; } = new(StringComparer.Ordinal);

    public List<KnownTimeline> Timelines { get; } = [];

    public Dictionary<string, KnownEpoch> Epochs { get; } = new(StringComparer.Ordinal);

    /// <summary>Which epoch's key opens an object, by its name.</summary>
    public Dictionary<string, string> EpochOf { get; } = new(StringComparer.Ordinal);

    /// <summary>Newest first.</summary>
    public List<KnownExpiry> Expiries { get; } = [];

    /// <summary>Since when every statement has named an object, by its name: kept by hand, with nothing of the planner.</summary>
    public Dictionary<string, DateTimeOffset> ExpiredSince { get; } = new(StringComparer.Ordinal);

    public List<Lease> Leases { get; } = [];

    public int Timeline { get; private set; } = 1;

    public ulong Lsn { get; private set; } = Segment;

    public IEnumerable<KnownBackup> Live => Backups.Values.Where(backup => backup.Copies.Any(copy => copy.IsLive));

    public void TakeBackup(Dice dice)
    {
        var isBase = dice.Chance(35);
        var database = dice.Chance(70) ? "app" : "erp";
        var tenant = database == "erp" && dice.Chance(40) ? "north" : null;
        var copies = TakeCopies(dice);
        var verified = copies.Exists(copy => copy.Health == CopyHealth.Verified);
        var backup = new KnownBackup
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"B{++_ids:D4}"),
            Form = isBase ? BackupForm.Base : BackupForm.Logical,
            Database = isBase ? "" : database,
            Tenant = isBase ? null : tenant,
            SnapshotAt = Now.AddHours(-3),
            Status = verified && dice.Chance(20) ? BackupStatus.Proven : verified ? BackupStatus.Verified : BackupStatus.Completed,
            Copies = copies,
            Wal = isBase ? new WalSpan(System, Timeline, Lsn + (Segment / 2), Lsn + Segment + (Segment / 4)) : null,
        };
        Backups[backup.Id] = backup with { Parents = Parents(dice, backup) };
        if (isBase)
        {
            WriteSegment(backup.SnapshotAt);
            WriteSegment(backup.SnapshotAt);
        }

        if (dice.Chance(12))
        {
            // Never incremental: it must be restorable by itself.
            Backups[backup.Id] = backup with { IsArchive = true };
        }
    }

    public void WriteLog(Dice dice)
    {
        if (dice.Chance(30))
        {
            _epoch = null;
        }

        for (var count = dice.Next(3); count > 0; count--)
        {
            WriteSegment(Now.AddHours(-4));
        }
    }

    /// <summary>A recovery to an earlier or the present point begins a new timeline.</summary>
    public void SwitchTimeline(Dice dice)
    {
        var to = Timelines.Count + 2;
        var at = Lsn - Math.Min(Lsn - Segment, (ulong)dice.Next(6) * Segment) - (Segment / 2);
        var parent = Timeline;
        while (Timelines.Find(history => history.Timeline == parent) is { } history && history.SwitchLsn >= at)
        {
            parent = history.Parent;
        }

        Timelines.Add(new KnownTimeline(System, to, parent, at));
        Timeline = to;
        Lsn = at / Segment * Segment;

        // The epoch of the receiver is written before the first segment.
        _epoch = OpenEpoch(Now);
    }

    public void Change(KnownBackup backup, string target, Func<KnownCopy, KnownCopy> change) =>
        Backups[backup.Id] = Backups[backup.Id] with { Copies = [.. Backups[backup.Id].Copies.Select(copy => copy.Target == target ? change(copy) : copy)] };

    /// <summary>Everything that has to do with one object's copy on one target.</summary>
    public void Delete(KnownWal wal, string target) => Wal[wal.Name] = Wal[wal.Name] with { Targets = [.. Wal[wal.Name].Targets.Where(each => each != target)] };

    /// <summary>It is somewhere, and the epoch whose key opens it, too.</summary>
    public bool Has(KnownWal wal) => Wal[wal.Name].Targets.Count > 0 && Epochs.ContainsKey(EpochOf[wal.Name]);

    /// <summary>What the epochs that are left know of the timelines.</summary>
    public IReadOnlyList<KnownTimeline> KnownTimelines()
    {
        var known = new HashSet<int>();
        foreach (var epoch in Epochs.Values)
        {
            for (var at = Timelines.Find(history => history.Timeline == epoch.Timeline); at is not null && known.Add(at.Timeline);)
            {
                var parent = at.Parent;
                at = Timelines.Find(history => history.Timeline == parent);
            }
        }

        return [.. Timelines.Where(history => known.Contains(history.Timeline))];
    }

    public World Clone()
    {
        var clone = new World { Now = Now, Timeline = Timeline, Lsn = Lsn };
        foreach (var backup in Backups.Values)
        {
            clone.Backups[backup.Id] = backup;
        }

        foreach (var wal in Wal.Values)
        {
            clone.Wal[wal.Name] = wal;
        }

        foreach (var (id, epoch) in Epochs)
        {
            clone.Epochs[id] = epoch;
        }

        foreach (var (name, since) in ExpiredSince)
        {
            clone.ExpiredSince[name] = since;
        }

        foreach (var (name, epoch) in EpochOf)
        {
            clone.EpochOf[name] = epoch;
        }

        clone.Expiries.AddRange(Expiries);
        clone.Timelines.AddRange(Timelines);
        clone.Leases.AddRange(Leases);
        return clone;
    }

    private void WriteSegment(DateTimeOffset at)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Timeline:X8}-{Lsn:X12}");
        _epoch ??= OpenEpoch(at);
        EpochOf[name] = _epoch;
        Epochs[_epoch] = Epochs[_epoch] with { StartLsn = Math.Min(Epochs[_epoch].StartLsn, Lsn), EndLsn = Lsn + Segment, At = at };
        Wal[name] = new KnownWal(System, Timeline, Lsn, Lsn + Segment, at, name, [.. Targets]);
        Lsn += Segment;
    }

    private string OpenEpoch(DateTimeOffset at)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"E{++_ids:D4}");
        Epochs[id] = new KnownEpoch(System, id, Timeline, Lsn, Lsn, at, (int)Segment) { HasHistory = Timeline > 1 };
        return id;
    }

    private List<KnownCopy> TakeCopies(Dice dice)
    {
        var wanted = 1 + dice.Next(7);
        return
        [
            .. Targets.Where((_, index) => (wanted & (1 << index)) != 0).Select(target => new KnownCopy(
                target,
                dice.Chance(80) ? CopyHealth.Verified : CopyHealth.Unverified,
                LockedUntil: dice.Chance(15) ? Now.AddDays(dice.Next(120)) : null)),
        ];
    }

    private string[] Parents(Dice dice, KnownBackup backup) =>
        dice.Chance(45) && Live.Where(other => other.Group == backup.Group && Truth.Restorable(this, other)
            && (backup.Wal is null || other.Wal!.Timeline == backup.Wal.Timeline)).MaxBy(other => other.SnapshotAt) is { } parent
            ? [parent.Id]
            : [];
}
