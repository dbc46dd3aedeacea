using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace BackupFunctions.Storage.S3;

/// <summary>Few attempts, growing apart, within a budget of time: a target that stays away is left to fan-out and failover.</summary>
internal sealed class S3Retries
{
    private static readonly ResiliencePropertyKey<long> Started = new("started");

    private readonly ResiliencePipeline _writes;
    private readonly ResiliencePipeline _reads;
    private readonly TimeProvider _time;

    public S3Retries(string target, TimeSpan budget, ILogger logger, TimeProvider time)
    {
        _time = time;
        _writes = Build(target, attempts: 5, budget, logger);
        _reads = Build(target, attempts: 2, budget / 3, logger);
    }

    public Task<T> WriteAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken) =>
        ExecuteAsync(_writes, action, cancellationToken);

    public Task<T> ReadAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken) =>
        ExecuteAsync(_reads, action, cancellationToken);

    private async Task<T> ExecuteAsync<T>(
        ResiliencePipeline pipeline, Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(Started, _time.GetTimestamp());
            return await pipeline.ExecuteAsync(async (c, run) => await run(c.CancellationToken), context, action);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ResiliencePipeline Build(string target, int attempts, TimeSpan budget, ILogger logger) =>
        new ResiliencePipelineBuilder { TimeProvider = _time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = attempts,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(300),
            MaxDelay = TimeSpan.FromSeconds(8),
            ShouldHandle = arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is { } e && S3Errors.IsTransient(e)
                && arguments.Context.Properties.TryGetValue(Started, out var started) && _time.GetElapsedTime(started) < budget),
            OnRetry = arguments =>
            {
                logger.LogWarning(
                    "Target {Target}: attempt {Attempt} failed, next in {Delay} ms: {Cause}",
                    target, arguments.AttemptNumber + 1, (int)arguments.RetryDelay.TotalMilliseconds, arguments.Outcome.Exception!.Message);
                return ValueTask.CompletedTask;
            },
        }).Build();
}
