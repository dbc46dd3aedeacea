using System.Diagnostics;

namespace BackupFunctions.JobRunners.Tests.Support;

/// <summary>Waits for what another process does; what never happens fails the test.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task IsTrueAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            watch.Elapsed.ShouldBeLessThan(Limit, $"never happened: {what}");
            await Task.Delay(10);
        }
    }
}
