using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>
/// Retries by durable timers, so that they survive the host. Ids and timers are those of the Durable Task Framework's RetryInterceptor,
/// with the timer of no delay after the last failure: other numbers would make histories differ between the two hosts.
/// </summary>
internal static class RetryLoop
{
    public static Task<T> RunAsync<T>(ReplayContext context, TaskRetryOptions? retry, Func<Task<T>> attempt) => retry switch
    {
        { Policy: { } policy } => ByPolicyAsync(context, policy, attempt),
        { Handler: { } handler } => ByHandlerAsync(context, handler, attempt),
        _ => attempt(),
    };

    private static async Task<T> ByPolicyAsync<T>(ReplayContext context, RetryPolicy policy, Func<Task<T>> attempt)
    {
        var first = context.CurrentUtcDateTime;
        for (var number = 0; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (TaskFailedException failure) when (!failure.FailureDetails.IsNonRetriable)
            {
                if (number + 1 == policy.MaxNumberOfAttempts)
                {
                    await context.CreateSingleTimer(context.CurrentUtcDateTime, CancellationToken.None);
                    throw;
                }

                if (NextDelay(policy, number, first, context.CurrentUtcDateTime, failure) is not { } delay)
                {
                    throw;
                }

                await context.CreateSingleTimer(context.CurrentUtcDateTime.Add(delay), CancellationToken.None);
            }
        }
    }

    private static TimeSpan? NextDelay(RetryPolicy policy, int number, DateTime first, DateTime now, TaskFailedException failure)
    {
        if (!policy.Handle(failure) || (policy.RetryTimeout != Timeout.InfiniteTimeSpan && now >= first.Add(policy.RetryTimeout)))
        {
            return null;
        }

        var milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, number);
        return policy.MaxRetryInterval != Timeout.InfiniteTimeSpan && milliseconds >= policy.MaxRetryInterval.TotalMilliseconds
            ? policy.MaxRetryInterval
            : TimeSpan.FromMilliseconds(milliseconds);
    }

    private static async Task<T> ByHandlerAsync<T>(ReplayContext context, AsyncRetryHandler handler, Func<Task<T>> attempt)
    {
        var first = context.CurrentUtcDateTime;
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await attempt();
            }
            catch (TaskFailedException failure) when (!failure.FailureDetails.IsNonRetriable)
            {
                var decision = new DurableTask.RetryContext(
                    context, failures, failure.FailureDetails, context.CurrentUtcDateTime - first, CancellationToken.None);
                if (!await handler(decision))
                {
                    throw;
                }
            }
        }
    }
}
