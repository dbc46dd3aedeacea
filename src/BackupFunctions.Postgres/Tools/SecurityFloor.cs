using System.Globalization;

namespace BackupFunctions.Postgres.Tools;

/// <summary>
/// The first minor release of each major whose pg_dump, pg_restore and psql are free of the published flaws (up to CVE-2026-116314:
/// code execution by a crafted archive).
/// </summary>
internal static class SecurityFloor
{
    private const int OldestMaintained = 14;

    private static readonly Dictionary<int, int> FirstSafeMinor = new() { [14] = 25, [15] = 20, [16] = 16, [17] = 12, [18] = 7 };

    public static IReadOnlyList<string> Warnings(IReadOnlyDictionary<string, string> versions) =>
        [.. versions.Select(static each => Warning(each.Key, each.Value)).OfType<string>()];

    public static bool IsBelow(string version) => Warning(string.Empty, version) is not null;

    private static string? Warning(string tool, string version)
    {
        var major = ToolVersion.Major(version);
        if (major < OldestMaintained)
        {
            return $"{tool} {version} gets no security fixes any more; install a maintained major version.";
        }

        return FirstSafeMinor.TryGetValue(major, out var floor) && Minor(version) < floor
            ? $"{tool} {version} has published security flaws; install {major}.{floor} or later."
            : null;
    }

    /// <summary>Betas and release candidates (18rc1) have no minor and count as 0.</summary>
    private static int Minor(string version) =>
        version.Split('.') is [_, var minor, ..] && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
