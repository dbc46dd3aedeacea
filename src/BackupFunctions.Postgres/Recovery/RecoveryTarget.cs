using System.Globalization;
using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.Recovery;

/// <summary>Where a recovery ends.</summary>
/// <param name="Kind">What <paramref name="Value"/> is.</param>
/// <param name="Value">As PostgreSQL takes it; null where the kind says it all.</param>
/// <param name="Inclusive">Just behind the target; otherwise just before it.</param>
public sealed record RecoveryTarget(RecoveryTargetKind Kind, string? Value = null, bool Inclusive = true)
{
    public static RecoveryTarget Latest { get; } = new(RecoveryTargetKind.Latest);

    public static RecoveryTarget At(DateTimeOffset time, bool inclusive = true) =>
        new(RecoveryTargetKind.Time, time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture), inclusive);

    /// <summary>Settings of PostgreSQL 12 and later.</summary>
    internal IEnumerable<(string Name, string Value)> Settings()
    {
        var setting = Kind switch
        {
            RecoveryTargetKind.Immediate => "recovery_target",
            RecoveryTargetKind.Time => "recovery_target_time",
            RecoveryTargetKind.Lsn => "recovery_target_lsn",
            RecoveryTargetKind.Name => "recovery_target_name",
            RecoveryTargetKind.Transaction => "recovery_target_xid",
            _ => null,
        };
        if (setting is null)
        {
            yield break;
        }

        yield return (setting, Kind == RecoveryTargetKind.Immediate ? "immediate" : Value ?? throw new PgdrException(ErrorCodes.InvalidSettings, $"A recovery by {Kind} needs a value."));
        yield return ("recovery_target_inclusive", Inclusive ? "on" : "off");

        // Nothing goes on by itself: what was reached is checked first.
        yield return ("recovery_target_action", "pause");
    }

    public override string ToString() => Kind switch
    {
        RecoveryTargetKind.Latest => "the end of the log",
        RecoveryTargetKind.Immediate => "the first consistent point",
        _ => $"{Kind.ToString().ToLowerInvariant()} {Value}{(Inclusive ? string.Empty : " (exclusive)")}",
    };
}
