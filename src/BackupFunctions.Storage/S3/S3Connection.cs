using System.Buffers;
using Amazon.S3;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage.S3;

/// <summary>What every request of a target shares: client, retries, time-outs, and the translation of errors.</summary>
internal sealed class S3Connection : IDisposable
{
    /// <summary>Arrays kept for objects that fill their next part.</summary>
    private const int FillingParts = 4;

    private readonly S3Retries _retries;

    public S3Connection(string target, S3TargetOptions options, ILogger logger)
    {
        (Target, Options, Logger) = (target, options, logger);
        Client = S3ClientFactory.Create(target, options);
        Errors = new S3Errors(target, options);
        PartSlots = new SemaphoreSlim(options.Concurrency);
        PartPool = ArrayPool<byte>.Create(options.PartSize, options.Concurrency + FillingParts);
        _retries = new S3Retries(target, options.RetryBudget, logger, TimeProvider.System);
    }

    public string Target { get; }

    public S3TargetOptions Options { get; }

    public ILogger Logger { get; }

    public AmazonS3Client Client { get; }

    public S3Errors Errors { get; }

    /// <summary>Parts under way, over all objects.</summary>
    public SemaphoreSlim PartSlots { get; }

    /// <summary>Of its own: the shared pool keeps an array of this size for every thread that ever returned one.</summary>
    public ArrayPool<byte> PartPool { get; }

    public Task<T> ReadAsync<T>(string doing, Func<StallClock, Task<T>> request, CancellationToken cancellationToken) =>
        TranslatedAsync(
            doing, () => _retries.ReadAsync(token => AttemptAsync(doing, request, Options.StallTimeout, token), cancellationToken),
            cancellationToken);

    public Task<T> WriteAsync<T>(string doing, Func<StallClock, Task<T>> request, CancellationToken cancellationToken) =>
        WriteAsync(doing, request, Options.StallTimeout * 2, cancellationToken);

    public Task<T> WriteAsync<T>(
        string doing, Func<StallClock, Task<T>> request, TimeSpan stallTimeout, CancellationToken cancellationToken) =>
        TranslatedAsync(
            doing, () => _retries.WriteAsync(token => AttemptAsync(doing, request, stallTimeout, token), cancellationToken),
            cancellationToken);

    public void Dispose()
    {
        Client.Dispose();
        PartSlots.Dispose();
    }

    private async Task<T> AttemptAsync<T>(
        string doing, Func<StallClock, Task<T>> request, TimeSpan stallTimeout, CancellationToken cancellationToken)
    {
        using var clock = new StallClock(stallTimeout, cancellationToken);
        try
        {
            return await request(clock);
        }
        catch (Exception e) when (clock.Stalled)
        {
            throw Errors.Stalled(doing, stallTimeout, e);
        }
    }

    private async Task<T> TranslatedAsync<T>(string doing, Func<Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is not StorageException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Errors.Translate(doing, e);
        }
    }
}
