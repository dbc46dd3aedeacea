namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Host;

/// <summary>Timer functions that fail, and say which repetition they are.</summary>
public sealed class RetryFunctions(TimerRecorder recorder)
{
    [Function("FailsAlways")]
    [FixedDelayRetry(2, "00:00:00.010")]
    public void FailsAlways([TimerTrigger("0 0 2 * * *")] TimerInfo timer, FunctionContext context)
    {
        recorder.Add($"{context.RetryContext.RetryCount} of {context.RetryContext.MaxRetryCount}");
        throw new InvalidOperationException($"always {timer.IsPastDue}");
    }

    [Function("FailsFourTimes")]
    [ExponentialBackoffRetry(-1, "00:00:00.001", "00:00:00.010")]
    public void FailsFourTimes([TimerTrigger("0 0 2 * * *")] TimerInfo timer, FunctionContext context)
    {
        recorder.Add($"{context.RetryContext.RetryCount} of {context.RetryContext.MaxRetryCount}");
        if (context.RetryContext.RetryCount < 4)
        {
            throw new InvalidOperationException($"not yet {timer.IsPastDue}");
        }
    }
}
