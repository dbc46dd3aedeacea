using System.Globalization;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.Policies;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Rules;

/// <summary>
/// An archive stays for its calendar months, whatever the policy. A target that lets backups go early by a limit of its own, a small disk,
/// is spared it as long as a verified copy stays on one that does not. Its log stays by <see cref="Wal.NeededWal"/>, as that of every base.
/// </summary>
internal sealed class ArchiveRule : IKeepRule
{
    public void Apply(PlanContext context, KeptCopies kept)
    {
        foreach (var backup in context.State.Backups.Where(backup => backup is { IsArchive: true, Status: not BackupStatus.Failed }))
        {
            var until = backup.SnapshotAt.AddMonths(context.Settings.ArchiveMonths);
            if (until > context.Now)
            {
                var reason = string.Create(CultureInfo.InvariantCulture, $"an archive, kept until {until.UtcDateTime:yyyy-MM-dd}");
                foreach (var copy in Keepers(context.Settings, backup, until))
                {
                    kept.Keep(backup, copy, reason);
                }
            }
        }
    }

    private static List<KnownCopy> Keepers(RetentionPolicy policy, KnownBackup backup, DateTimeOffset until)
    {
        List<KnownCopy> live = [.. backup.Copies.Where(copy => copy.IsLive)];
        if (live.Count == 0 || policy.Kind != PolicyKind.Age)
        {
            return live;
        }

        // A limit of 365 days is meant to be twelve months, in a leap year too.
        var enough = Math.Min(live.Max(copy => policy.DaysOf(copy.Target)), (until.AddMonths(-1) - backup.SnapshotAt).TotalDays);
        List<KnownCopy> keepers = [.. live.Where(copy => policy.DaysOf(copy.Target) >= enough)];
        return keepers.Exists(copy => copy.Health == CopyHealth.Verified) ? keepers : live;
    }
}
