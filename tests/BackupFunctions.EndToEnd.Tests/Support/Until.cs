using System.Diagnostics;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>Looks at the thing itself again and again; what never happens fails the test.</summary>
internal static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    public static Task TrueAsync(Func<bool> condition, string what, int seconds = 60) =>
        NotNullAsync(() => Task.FromResult(condition() ? "true" : null), () => what, seconds);

    /// <summary>The first answer that is there.</summary>
    public static async Task<T> NotNullAsync<T>(Func<Task<T?>> look, Func<string> what, int seconds = 60)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }

            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(seconds), $"never happened: {what()}");
            await Task.Delay(Pause);
        }
    }
}
