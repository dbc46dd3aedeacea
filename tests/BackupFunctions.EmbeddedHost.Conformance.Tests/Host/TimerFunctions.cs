namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Host;

public sealed class TimerFunctions(TimerRecorder recorder)
{
    /// <summary>The second attempt fails, so that the third is its repetition.</summary>
    [Function("OnStartup")]
    [FixedDelayRetry(2, "00:00:00.010")]
    public void OnStartup([TimerTrigger("0 0 2 * * *", RunOnStartup = true)] TimerInfo timer)
    {
        var attempt = recorder.NextAttempt();
        recorder.Add($"{(timer.IsPastDue ? "past due" : "startup")}, attempt {attempt}");
        if (attempt == 2)
        {
            throw new InvalidOperationException("once");
        }
    }
}
