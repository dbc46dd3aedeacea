using System.Globalization;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Tests.Simulation;

/// <summary>Storage and the servers it protects, as they really are.</summary>
internal sealed class World
{
    public const string System = "7301";
    public static readonly string[] Targets = ["b2", "local", "r2"];

    private const ulong Segment = 16 << 20;
    private int _ids;

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 5, 0, 0, TimeSpan.Zero);

    public Dictionary<string, KnownBackup> Backups { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, KnownWal> Wal { get; } = new(StringComparer.Ordinal);

    public List<KnownTimeline> Timelines { get; } = [];

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
            Wal = isBase ? new WalSpan(System, Timeline, Lsn + (Segment / 2), Lsn + (Segment / 4 * 3)) : null,
        };
        Backups[backup.Id] = backup with { Parents = Parents(dice, backup) };
        if (isBase)
        {
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
    }

    public void Change(KnownBackup backup, string target, Func<KnownCopy, KnownCopy> change) =>
        Backups[backup.Id] = Backups[backup.Id] with { Copies = [.. Backups[backup.Id].Copies.Select(copy => copy.Target == target ? change(copy) : copy)] };

    public void Change(KnownWal wal, string target, Func<KnownCopy, KnownCopy> change) =>
        Wal[wal.Name] = Wal[wal.Name] with { Copies = [.. Wal[wal.Name].Copies.Select(copy => copy.Target == target ? change(copy) : copy)] };

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

        clone.Timelines.AddRange(Timelines);
        clone.Leases.AddRange(Leases);
        return clone;
    }

    private void WriteSegment(DateTimeOffset at)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Timeline:X8}-{Lsn:X12}");
        Wal[name] = new KnownWal(System, Timeline, Lsn, Lsn + Segment, at, name, [.. Targets.Select(target => new KnownCopy(target))]);
        Lsn += Segment;
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
