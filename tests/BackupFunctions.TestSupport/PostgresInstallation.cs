using System.Collections.Concurrent;

namespace BackupFunctions.TestSupport;

/// <summary>Servers of the major versions that tests run against: 15 of Debian 12, and what tests/install-postgres.sh unpacked; on first use.</summary>
public static class PostgresInstallation
{
    private static readonly ConcurrentDictionary<int, Lazy<Task<string>>> Known = new();

    /// <summary>The folder with initdb, pg_ctl and all tools of a major version.</summary>
    /// <exception cref="InvalidOperationException">The installation failed; the message says what to do.</exception>
    public static Task<string> EnsureAsync(int major) =>
        Known.GetOrAdd(major, static wanted => new Lazy<Task<string>>(() => InstallAsync(wanted))).Value;

    private static async Task<string> InstallAsync(int major)
    {
        var system = $"/usr/lib/postgresql/{major}/bin";
        if (File.Exists(Path.Combine(system, "initdb")))
        {
            return system;
        }

        var said = await CommandLine.RunAsync(Repository.PathOf("tests/install-postgres.sh"), $"{major}", TestCache.Folder("postgres"));
        return said.TrimEnd().Split(" in ")[^1];
    }
}
