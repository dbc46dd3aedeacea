namespace BackupFunctions.Storage.Failover;

/// <summary>A read under way.</summary>
/// <param name="Source">Who was asked.</param>
/// <param name="Reading">Bytes read.</param>
/// <param name="Began">A timestamp.</param>
internal sealed record Runner(SourceReader Source, Task<int> Reading, long Began)
{
    /// <summary>False: none of them within that time.</summary>
    public static async Task<bool> AnyEndedAsync(
        IReadOnlyList<Runner> runners, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        if (runners.Any(runner => runner.Reading.IsCompleted))
        {
            return true;
        }

        try
        {
            await Task.WhenAny(runners.Select(runner => runner.Reading)).WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Null when it did not fail; the caller's cancellation is nobody's failure.</summary>
    public async Task<Exception?> FailureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Reading;
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return e;
        }
    }
}
