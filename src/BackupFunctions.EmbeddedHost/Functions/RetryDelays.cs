using System.Globalization;

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>The pauses that a retry attribute asks for.</summary>
internal static class RetryDelays
{
    private const double Jitter = 0.2;

    /// <exception cref="FunctionRejectedException">The attribute makes no sense.</exception>
    public static void Check(RetryAttribute? retry)
    {
        if (retry is null)
        {
            return;
        }

        var (minimum, maximum) = Interval(retry);
        if (retry.MaxRetryCount is < -1 or 0 || minimum < TimeSpan.Zero || maximum < minimum)
        {
            throw new FunctionRejectedException("its retry attribute needs a count of -1 or above 0, and intervals that do not shrink");
        }
    }

    /// <summary>The pause before a repetition, which counts from 1; exponential ones double and are spread by a fifth either way.</summary>
    public static TimeSpan Before(RetryAttribute retry, int repetition, Func<double> random)
    {
        var (minimum, maximum) = Interval(retry);
        if (retry is FixedDelayRetryAttribute)
        {
            return minimum;
        }

        var spread = 1 - Jitter + (random() * 2 * Jitter);
        var delay = minimum.TotalSeconds * Math.Pow(2, Math.Min(repetition - 1, 62)) * spread;
        return TimeSpan.FromSeconds(Math.Min(delay, maximum.TotalSeconds));
    }

    private static (TimeSpan Minimum, TimeSpan Maximum) Interval(RetryAttribute retry) =>
        retry switch
        {
            FixedDelayRetryAttribute same => (Parse(same.DelayInterval), Parse(same.DelayInterval)),
            ExponentialBackoffRetryAttribute growing => (Parse(growing.MinimumInterval), Parse(growing.MaximumInterval)),
            _ => throw new FunctionRejectedException($"{retry.GetType().Name} is not a retry attribute of the host"),
        };

    private static TimeSpan Parse(string text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval)
            ? interval
            : throw new FunctionRejectedException($"the retry interval '{text}' is not a TimeSpan such as 00:00:10");
}
