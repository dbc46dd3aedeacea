using System.Globalization;
using BackupFunctions.Retention.Policies;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>RETENTION_*, ARCHIVE_MONTHS and RECOVERY_WINDOW_DAYS. Settings that the chosen policy would not look at are refused: somebody relies on them.</summary>
internal static class RetentionSettingsReader
{
    private const string DaysName = "RETENTION_DAYS";
    private const string DaysOfTarget = DaysName + "_";
    private const int DefaultDays = 365;
    private const int DefaultLocalDays = 30;
    private const int DefaultFlatDays = 90;
    private const int MostDays = 36500;
    private const int MostMonths = 1200;

    /// <summary>May be set before their targets are.</summary>
    private static readonly string[] ShortNames = ["R2", "B2", "LOCAL"];
    private static readonly string[] Counts = ["RETENTION_DAILY", "RETENTION_WEEKLY", "RETENTION_MONTHLY"];

    public static RetentionSettings Read(IConfiguration configuration, IReadOnlyList<TargetSettings> targets)
    {
        var kind = SettingsReader.Text(configuration, "RETENTION_POLICY") switch
        {
            null or "age" => PolicyKind.Age,
            "gfs" => PolicyKind.Gfs,
            "flat" => PolicyKind.Flat,
            _ => throw SettingsReader.Invalid("RETENTION_POLICY", "choose one of age, gfs, flat"),
        };
        RefuseUnused(configuration, kind, targets);
        var policy = new RetentionPolicy
        {
            Kind = kind,
            Days = SettingsReader.Number(configuration, DaysName, kind == PolicyKind.Flat ? DefaultFlatDays : DefaultDays, 1, MostDays),
            DaysByTarget = targets.ToDictionary(target => target.Name, target => DaysOf(configuration, target), StringComparer.Ordinal),
            Daily = SettingsReader.Number(configuration, Counts[0], 7, 0, 1000),
            Weekly = SettingsReader.Number(configuration, Counts[1], 4, 0, 1000),
            Monthly = SettingsReader.Number(configuration, Counts[2], 12, 0, 1000),
            ArchiveMonths = SettingsReader.Number(configuration, "ARCHIVE_MONTHS", 12, 1, MostMonths),
            Grace = Days(configuration, "RETENTION_GRACE_DAYS", 14),
            RecoveryWindow = Days(configuration, "RECOVERY_WINDOW_DAYS", 30),
        };
        return policy is { Kind: PolicyKind.Gfs, Daily: 0, Weekly: 0, Monthly: 0 }
            ? throw SettingsReader.Invalid(Counts[0], "with weeks and months at 0 as well no backup would be kept")
            : new RetentionSettings { Policy = policy, OrphanAge = Days(configuration, "RETENTION_ORPHAN_DAYS", 3) };
    }

    private static int DaysOf(IConfiguration configuration, TargetSettings target)
    {
        var all = SettingsReader.Number(configuration, DaysName, target.Type == TargetType.Local ? DefaultLocalDays : DefaultDays, 1, MostDays);
        return SettingsReader.Number(configuration, DaysOfTarget + SettingOf(target.Name), all, 1, MostDays);
    }

    private static string SettingOf(string target) => target.Replace('-', '_').ToUpperInvariant();

    private static TimeSpan Days(IConfiguration configuration, string name, int otherwise) =>
        TimeSpan.FromDays(SettingsReader.Number(configuration, name, otherwise, 1, 3650));

    private static void RefuseUnused(IConfiguration configuration, PolicyKind kind, IReadOnlyList<TargetSettings> targets)
    {
        if (kind == PolicyKind.Gfs && SettingsReader.Text(configuration, DaysName) is not null)
        {
            throw SettingsReader.Invalid(DaysName, "the policy gfs counts backups, not days: remove it, or choose age or flat");
        }

        if (kind != PolicyKind.Gfs && Array.Find(Counts, count => SettingsReader.Text(configuration, count) is not null) is { } unused)
        {
            throw SettingsReader.Invalid(unused, string.Create(CultureInfo.InvariantCulture, $"the policy {kind.ToString().ToLowerInvariant()} does not count backups: remove it, or choose gfs"));
        }

        var known = targets.Select(target => SettingOf(target.Name)).Concat(ShortNames).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var name in configuration.GetChildren().Select(setting => setting.Key)
            .Where(name => name.StartsWith(DaysOfTarget, StringComparison.OrdinalIgnoreCase) && SettingsReader.Text(configuration, name) is not null))
        {
            if (!known.Contains(name[DaysOfTarget.Length..]))
            {
                throw SettingsReader.Invalid(name, $"no target is called {name[DaysOfTarget.Length..].ToLowerInvariant()}");
            }

            if (kind != PolicyKind.Age)
            {
                throw SettingsReader.Invalid(name, "only the policy age has a number of days for each target: remove it, or choose age");
            }
        }
    }
}
