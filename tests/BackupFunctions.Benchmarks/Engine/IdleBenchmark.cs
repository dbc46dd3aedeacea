using System.Diagnostics;

namespace BackupFunctions.Benchmarks.Engine;

/// <summary>Processor time of a host that has nothing to do while a hundred instances wait, in percent of one core.</summary>
internal static class IdleBenchmark
{
    private const int Waiting = 100;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(string connectionString)
    {
        await using var engine = await EngineUnderMeasure.StartAsync(connectionString);
        for (var instance = 0; instance < Waiting; instance++)
        {
            var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync(EngineUnderMeasure.Waits);
            await engine.Client.WaitForInstanceStartAsync(id);
        }

        await Task.Delay(Settling);
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        await Task.Delay(Watched);
        process.Refresh();
        Figures.Print("percent", (process.TotalProcessorTime - before) / Watched * 100);
    }
}
