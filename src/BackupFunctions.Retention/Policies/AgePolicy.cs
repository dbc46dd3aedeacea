using System.Globalization;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Policies;

/// <summary>By age, with limits by target (age) or the same for all (flat).</summary>
internal sealed class AgePolicy(RetentionPolicy policy, DateTimeOffset now) : IPolicy
{
    public PolicyVerdict? Keeps(KnownBackup backup, string target)
    {
        var until = backup.SnapshotAt.AddDays(DaysOf(target));
        return until > now ? new PolicyVerdict(string.Create(CultureInfo.InvariantCulture, $"younger than {DaysOf(target)} days"), until) : null;
    }

    public string WhyExpired(KnownBackup backup, string target) => string.Create(
        CultureInfo.InvariantCulture, $"older than {DaysOf(target)} days ({Math.Floor((now - backup.SnapshotAt).TotalDays)} days)");

    private int DaysOf(string target) => policy.Kind == PolicyKind.Age ? policy.DaysOf(target) : policy.Days;
}
