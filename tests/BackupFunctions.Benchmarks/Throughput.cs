namespace BackupFunctions.Benchmarks;

/// <summary>Repeats work for a while and tells bytes per second of it: of processor time, as openssl speed counts, so that a busy machine does not matter.</summary>
internal static class Throughput
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(2);

    /// <param name="work">Returns how many bytes it has worked on.</param>
    public static double Measure(Func<int> work)
    {
        Run(work, WarmUp);
        return Run(work, Measured);
    }

    /// <inheritdoc cref="Measure"/>
    public static async Task<double> MeasureAsync(Func<Task<int>> work)
    {
        await RunAsync(work, WarmUp);
        return await RunAsync(work, Measured);
    }

    private static double Run(Func<int> work, TimeSpan duration)
    {
        long bytes = 0;
        var started = Environment.CpuUsage.UserTime;
        while (Environment.CpuUsage.UserTime - started < duration)
        {
            bytes += work();
        }

        return bytes / (Environment.CpuUsage.UserTime - started).TotalSeconds;
    }

    private static async Task<double> RunAsync(Func<Task<int>> work, TimeSpan duration)
    {
        long bytes = 0;
        var started = Environment.CpuUsage.UserTime;
        while (Environment.CpuUsage.UserTime - started < duration)
        {
            bytes += await work();
        }

        return bytes / (Environment.CpuUsage.UserTime - started).TotalSeconds;
    }
}
