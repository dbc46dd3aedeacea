namespace BackupFunctions.Retention.Policies;

/// <summary>How long what is kept.</summary>
public sealed record RetentionPolicy
{
    public PolicyKind Kind { get; init; }

    /// <summary>Days by target; used by <see cref="PolicyKind.Age"/>.</summary>
    public IReadOnlyDictionary<string, int> DaysByTarget { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Days of every other target.</summary>
    public int Days { get; init; } = 365;

    /// <summary>Days, weeks, months that have a backup; used by <see cref="PolicyKind.Gfs"/>.</summary>
    public int Daily { get; init; } = 7;
    public int Weekly { get; init; } = 4;
    public int Monthly { get; init; } = 12;

    /// <summary>Calendar months that an archive is kept for, whatever the policy.</summary>
    public int ArchiveMonths { get; init; } = 12;

    /// <summary>Between the tombstone and the deletion.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Any point in time of this window can be recovered, whatever the policy.</summary>
    public TimeSpan RecoveryWindow { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Days that the policy age keeps what lies on a target.</summary>
    internal int DaysOf(string target) => DaysByTarget.GetValueOrDefault(target, Days);

    /// <summary>A lock that ends within this time, before retention lets the copy go, is reported.</summary>
    public TimeSpan LockNotice { get; init; } = TimeSpan.FromDays(7);
}
