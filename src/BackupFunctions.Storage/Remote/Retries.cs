using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace BackupFunctions.Storage.Remote;

/// <summary>Few attempts, growing apart, within a budget of time: a target that stays away is left to fan-out and failover.</summary>
internal sealed class Retries
{
    private const int WriteRepetitions = 5;
    private const int ReadRepetitions = 2;

    private static readonly ResiliencePropertyKey<long> Started = new("started");

    private readonly string _target;
    private readonly RemoteErrors _errors;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _writes;
    private readonly ResiliencePipeline _reads;

    public Retries(string target, RemoteTargetOptions options, RemoteErrors errors, ILogger logger, TimeProvider time)
    {
        (_target, _errors, _logger, _time) = (target, errors, logger, time);
        _writes = Build(WriteRepetitions, options.RetryBudget, options.FirstPause);
        _reads = Build(ReadRepetitions, options.ReadRetryBudget, options.FirstPause);
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

    private ResiliencePipeline Build(int repetitions, TimeSpan budget, TimeSpan firstPause) =>
        new ResiliencePipelineBuilder { TimeProvider = _time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = repetitions,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = firstPause,
            MaxDelay = TimeSpan.FromSeconds(8),
            ShouldHandle = arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is { } e && _errors.IsTransient(e)
                && arguments.Context.Properties.TryGetValue(Started, out var started) && _time.GetElapsedTime(started) < budget),
            OnRetry = arguments =>
            {
                _logger.LogWarning(
                    "Target {Target}: attempt {Attempt} failed, next in {Delay} ms: {Cause}",
                    _target, arguments.AttemptNumber + 1, (int)arguments.RetryDelay.TotalMilliseconds, arguments.Outcome.Exception!.Message);
                return ValueTask.CompletedTask;
            },
        }).Build();
}
