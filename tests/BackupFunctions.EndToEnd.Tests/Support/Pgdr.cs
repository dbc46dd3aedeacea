using System.Diagnostics;
using System.Text;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>The command line as a process.</summary>
internal static class Pgdr
{
    public static Task<PgdrOutcome> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments) =>
        RunAsync(settings, _ => { }, arguments);

    /// <param name="settings">Of the command's environment.</param>
    /// <param name="takeLine">Gets each line of the output when it is written.</param>
    /// <param name="arguments">Of the command line.</param>
    public static async Task<PgdrOutcome> RunAsync(
        IReadOnlyDictionary<string, string> settings, Action<string> takeLine, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pgdr.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ChildEnvironment.Set(start, settings);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            output.AppendLine(line);
            takeLine(line);
        }

        await process.WaitForExitAsync();
        return new PgdrOutcome(process.ExitCode, output.ToString(), await error);
    }

    public static async Task<string> RunCheckedAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var outcome = await RunAsync(settings, arguments);
        outcome.ExitCode.ShouldBe(0, $"pgdr {string.Join(' ', arguments)}: {outcome.Error}");
        return outcome.Output;
    }
}
