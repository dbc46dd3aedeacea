using System.Diagnostics;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests.Support;

/// <summary>pgdr as people run it: a process of its own, with the site's settings as environment variables and nothing else of them.</summary>
internal static class Pgdr
{
    private static readonly string Library = Path.Combine(AppContext.BaseDirectory, "pgdr.dll");

    public static async Task<PgdrResult> RunAsync(BackupSite? site, params string[] arguments)
    {
        using var process = Start(site, arguments);
        return await EndAsync(process);
    }

    /// <summary>With settings of the host alone.</summary>
    public static async Task<PgdrResult> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        using var process = Start(Path.GetTempPath(), settings, arguments);
        return await EndAsync(process);
    }

    public static Process Start(BackupSite? site, params string[] arguments) => Start(site?.Folder ?? Path.GetTempPath(), site?.Settings ?? [], arguments);

    private static Process Start(string folder, IEnumerable<KeyValuePair<string, string>> settings, string[] arguments)
    {
        // A script's background jobs ignore SIGINT, and so would everything the tests start.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", "exec", Library, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static async Task<PgdrResult> EndAsync(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new PgdrResult(process.ExitCode, output, await error);
    }
}
