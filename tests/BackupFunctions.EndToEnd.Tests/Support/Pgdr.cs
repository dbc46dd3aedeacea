using System.Diagnostics;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>The command line as a process.</summary>
internal static class Pgdr
{
    public static async Task<PgdrOutcome> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pgdr.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ChildEnvironment.Set(start, settings);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new PgdrOutcome(process.ExitCode, output, await error);
    }

    public static async Task<string> RunCheckedAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var outcome = await RunAsync(settings, arguments);
        outcome.ExitCode.ShouldBe(0, $"pgdr {string.Join(' ', arguments)}: {outcome.Error}");
        return outcome.Output;
    }
}
