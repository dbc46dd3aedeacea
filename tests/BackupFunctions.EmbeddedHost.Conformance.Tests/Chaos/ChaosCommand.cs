using System.Globalization;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Chaos;

/// <summary>The long run, by hand: <c>dotnet run --project tests/BackupFunctions.EmbeddedHost.Conformance.Tests -- chaos --seconds 180</c>.</summary>
internal static class ChaosCommand
{
    private const int Instances = 200;

    /// <returns>0 when every promise was kept.</returns>
    public static async Task<int> RunAsync(string[] options)
    {
        var seconds = options is ["--seconds", var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 180;
        await using var server = await PostgresServer.StartAsync(15, "max_connections = 300");
        var run = new ChaosRun(server.ConnectionString().Replace("Pooling=False", "Pooling=True", StringComparison.OrdinalIgnoreCase), Instances);
        var report = await run.RunAsync(TimeSpan.FromSeconds(seconds));
        Console.WriteLine(report);
        return report.Broken.Count == 0 ? 0 : 1;
    }
}
