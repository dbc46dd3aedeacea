using System.Diagnostics;

namespace BackupFunctions.Tests.Host;

/// <summary>pgdr as it lies beside the app, looking at the state of a host of these tests.</summary>
internal static class Pgdr
{
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string stateConnection, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "pgdr.dll"), "host", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["STATE_CONNECTION"] = stateConnection;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
