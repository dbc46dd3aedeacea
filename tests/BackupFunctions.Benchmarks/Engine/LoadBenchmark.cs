using System.Diagnostics;

namespace BackupFunctions.Benchmarks.Engine;

/// <summary>Seconds until so many orchestrations of five activities, started at once, have ended.</summary>
internal static class LoadBenchmark
{
    private const int Activities = 5;
    private static readonly int[] Sizes = [250, 1000];

    public static async Task RunAsync(string connectionString)
    {
        await using var engine = await EngineUnderMeasure.StartAsync(connectionString);
        await MeasureAsync(engine, 50);
        foreach (var instances in Sizes)
        {
            Figures.Print($"seconds-{instances}", await MeasureAsync(engine, instances));
        }
    }

    private static async Task<double> MeasureAsync(EngineUnderMeasure engine, int instances)
    {
        var begin = Stopwatch.GetTimestamp();
        var ids = await Task.WhenAll(Enumerable.Range(0, instances).Select(_ =>
            engine.Client.ScheduleNewOrchestrationInstanceAsync(EngineUnderMeasure.Chain, Activities)));
        await Task.WhenAll(ids.Select(engine.EndAsync));
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
