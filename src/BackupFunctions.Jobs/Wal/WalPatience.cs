using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Storage;
using Polly;
using Polly.Retry;

namespace BackupFunctions.Jobs.Wal;

/// <summary>
/// Tries again what too few targets took, growing apart: for ever in continuous mode, where the server keeps its log meanwhile, a few
/// times in a timed run, which comes again.
/// </summary>
internal sealed class WalPatience
{
    private const int TimedAttempts = 3;

    private readonly ResiliencePipeline _pipeline;

    public WalPatience(bool continuous, IJobReporter reporter, TimeProvider time) =>
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = continuous ? int.MaxValue : TimedAttempts,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromSeconds(1),
            MaxDelay = TimeSpan.FromSeconds(30),
            ShouldHandle = new PredicateBuilder().Handle<StorageException>(),
            OnRetry = arguments =>
            {
                var sentence = $"CRITICAL: write-ahead log is not safe, the server keeps it until targets take it again: {arguments.Outcome.Exception!.Message}";
                if (arguments.AttemptNumber == 0)
                {
                    reporter.Warn(sentence);
                }

                // Stays until something is safe again: a receiver that goes on has no result.
                reporter.Detail(sentence);
                return ValueTask.CompletedTask;
            },
        }).Build();

    public async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken) =>
        await _pipeline.ExecuteAsync(async token => await action(token), cancellationToken);

    public async Task TryAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken) =>
        await _pipeline.ExecuteAsync(async token => await action(token), cancellationToken);
}
