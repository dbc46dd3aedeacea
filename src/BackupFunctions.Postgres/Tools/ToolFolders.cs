using System.Globalization;

namespace BackupFunctions.Postgres.Tools;

/// <summary>Where PostgreSQL's client tools may be.</summary>
internal static class ToolFolders
{
    private const string Debian = "/usr/lib/postgresql";

    /// <param name="serverMajor">Decides the order.</param>
    /// <param name="binariesFolders">Folders separated as in PATH, which are then looked into alone.</param>
    public static IEnumerable<string> Candidates(int serverMajor, string? binariesFolders) =>
        binariesFolders?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? DebianFolders(serverMajor).Concat(PathFolders());

    private static IEnumerable<string> DebianFolders(int serverMajor)
    {
        var majors = Directory.Exists(Debian)
            ? Directory.EnumerateDirectories(Debian)
                .Select(static folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var m) ? m : 0)
                .Where(static major => major > 0)
                .ToArray()
            : [];
        // The server's own, then newer ones from the nearest on; older ones only to be named in the refusal.
        return majors
            .OrderBy(major => major < serverMajor)
            .ThenBy(major => Math.Abs(major - serverMajor))
            .Select(static major => Path.Combine(Debian, major.ToString(CultureInfo.InvariantCulture), "bin"));
    }

    private static IEnumerable<string> PathFolders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(static folder => !IsDebianWrapper(Path.Combine(folder, PgTools.PgDumpName)));

    /// <summary>pg_wrapper picks a version by the cluster, not the one that its --version shows.</summary>
    private static bool IsDebianWrapper(string path) =>
        new FileInfo(path).LinkTarget?.EndsWith("pg_wrapper", StringComparison.Ordinal) == true;
}
