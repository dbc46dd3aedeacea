using System.Diagnostics;

namespace BackupFunctions.Benchmarks.Engine;

/// <summary>
/// Milliseconds from the begin of one activity to the begin of the next: its answer stored, the orchestrator's turn taken and stored, the
/// next activity handed out. One instance at a time on an otherwise idle host.
/// </summary>
internal static class RoundTripBenchmark
{
    private const int Instances = 50;
    private const int Activities = 11;

    public static async Task RunAsync(string connectionString)
    {
        var begins = new List<long>();
        await using var engine = await EngineUnderMeasure.StartAsync(connectionString, () => begins.Add(Stopwatch.GetTimestamp()));
        await RunInstancesAsync(engine);
        begins.Clear();
        await RunInstancesAsync(engine);

        var milliseconds = begins.Zip(begins.Skip(1)).Where((_, index) => (index + 1) % Activities != 0)
            .Select(pair => Stopwatch.GetElapsedTime(pair.First, pair.Second).TotalMilliseconds).Order().ToList();
        Figures.Print("p50", milliseconds[milliseconds.Count / 2]);
        Figures.Print("p99", milliseconds[milliseconds.Count * 99 / 100]);
    }

    private static async Task RunInstancesAsync(EngineUnderMeasure engine)
    {
        for (var instance = 0; instance < Instances; instance++)
        {
            await engine.EndAsync(await engine.Client.ScheduleNewOrchestrationInstanceAsync(EngineUnderMeasure.Chain, Activities));
        }
    }
}
