using System.Diagnostics;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Archive.Tests.Support;

/// <summary>Programs that know nothing of this project, run where they can see nothing of it.</summary>
internal static class ForeignTools
{
    public const string Python = "/usr/bin/python3";

    private static readonly Lazy<Task<string>> Installed =
        new(() => CommandLine.RunAsync("sh", Path.Combine(AppContext.BaseDirectory, "install-archive-tools.sh")));

    public static Task EnsureAsync() => Installed.Value;

    /// <summary>Runs with an empty environment but for PATH and what is given, in the given folder.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string folder, IReadOnlyDictionary<string, string> environment, string file, params string[] arguments)
    {
        await EnsureAsync();
        var start = new ProcessStartInfo(file) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start");
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
