using System.Diagnostics;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>Settings for a child process, which must see nothing of what the tests' own shell is set up for.</summary>
internal static class ChildEnvironment
{
    private static readonly string[] Foreign =
        ["PG", "HOST_", "R2_", "B2_", "BACKUP", "Servers_", "Databases_", "Targets_", "STATE_", "DATA_FOLDER", "AzureWebJobs", "RESTART_", "REROUTE_", "WEBSITE_"];

    public static void Set(ProcessStartInfo start, IReadOnlyDictionary<string, string> settings)
    {
        foreach (var name in start.Environment.Keys.Where(name => Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }
    }
}
