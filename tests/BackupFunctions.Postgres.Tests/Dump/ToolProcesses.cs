using System.Text;

namespace BackupFunctions.Postgres.Tests.Dump;

/// <summary>What other accounts could see of the tools of one test, which are known by its folder on their command line.</summary>
internal static class ToolProcesses
{
    public static List<string> Using(string folder) =>
        [.. Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0]) && Read(path, "cmdline").Contains(folder, StringComparison.Ordinal))];

    /// <returns>How many processes were looked at.</returns>
    public static int AssertNoneShows(string secret, string folder)
    {
        var processes = Using(folder);
        foreach (var process in processes)
        {
            Read(process, "cmdline").ShouldNotContain(secret);
            Read(process, "environ").ShouldNotContain(secret);
        }

        return processes.Count;
    }

    private static string Read(string process, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, file)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return "";
        }
    }
}
