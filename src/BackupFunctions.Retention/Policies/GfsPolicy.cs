using System.Globalization;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Policies;

/// <summary>
/// The newest verified backup (else the newest) of each of the last so many days, ISO weeks and months, all in UTC. Only periods that
/// have a backup count, so that a month of failures costs no older backup.
/// </summary>
internal sealed class GfsPolicy : IPolicy
{
    private readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal);

    public GfsPolicy(RetentionPolicy policy, IEnumerable<KnownBackup> backups)
    {
        foreach (var group in backups.Where(IsCandidate).GroupBy(backup => backup.Group, StringComparer.Ordinal))
        {
            List<KnownBackup> newestFirst = [.. group.OrderByDescending(backup => backup.SnapshotAt).ThenByDescending(backup => backup.Id, StringComparer.Ordinal)];
            Select(newestFirst, policy.Daily, "day", at => at.DayNumber);
            Select(newestFirst, policy.Weekly, "week", WeekOf);
            Select(newestFirst, policy.Monthly, "month", at => (at.Year * 12) + at.Month);
        }
    }

    public PolicyVerdict? Keeps(KnownBackup backup, string target) =>
        _reasons.TryGetValue(backup.Id, out var reason) ? new PolicyVerdict(reason, Until: null) : null;

    public string WhyExpired(KnownBackup backup, string target) => "not the backup kept of its day, week or month";

    private static bool IsCandidate(KnownBackup backup) => backup.Status != BackupStatus.Failed && backup.Copies.Any(copy => copy.IsUsable);

    private static int WeekOf(DateOnly at)
    {
        var time = at.ToDateTime(TimeOnly.MinValue);
        return (ISOWeek.GetYear(time) * 100) + ISOWeek.GetWeekOfYear(time);
    }

    private void Select(List<KnownBackup> newestFirst, int count, string period, Func<DateOnly, int> periodOf)
    {
        foreach (var one in newestFirst.GroupBy(backup => periodOf(DateOnly.FromDateTime(backup.SnapshotAt.UtcDateTime))).Take(count))
        {
            var best = one.FirstOrDefault(backup => backup.Status is BackupStatus.Verified or BackupStatus.Proven) ?? one.First();
            _reasons.TryAdd(best.Id, $"kept as the backup of its {period}");
        }
    }
}
