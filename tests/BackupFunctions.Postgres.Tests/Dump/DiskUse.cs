using System.Diagnostics;
using System.Globalization;

namespace BackupFunctions.Postgres.Tests.Dump;

internal static class DiskUse
{
    /// <summary>Bytes allocated, holes not counted.</summary>
    public static long Of(string folder)
    {
        // Files vanish while du walks: its exit code says nothing.
        using var du = Process.Start(new ProcessStartInfo("du", ["-sk", folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var text = du.StandardOutput.ReadToEnd();
        return long.Parse(text.AsSpan(0, text.IndexOf('\t', StringComparison.Ordinal)), CultureInfo.InvariantCulture) * 1024;
    }
}
