namespace BackupFunctions.Workflows;

/// <summary>Retries of activities that only talk to the run store or a runner.</summary>
internal static class Retries
{
    public static TaskOptions OfJobCalls { get; } =
        TaskOptions.FromRetryPolicy(new RetryPolicy(maxNumberOfAttempts: 5, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2));
}
