using System.Buffers;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage.Remote;

/// <summary>What every request of a target shares: retries, time-outs, the translation of errors, and the memory of parts.</summary>
internal abstract class RemoteConnection : IDisposable
{
    /// <summary>Arrays kept for objects that fill their next part.</summary>
    private const int FillingParts = 4;

    private readonly RemoteTargetOptions _options;
    private readonly RemoteErrors _errors;
    private readonly Retries _retries;

    protected RemoteConnection(string target, RemoteTargetOptions options, RemoteErrors errors, ILogger logger)
    {
        (Target, Logger, _options, _errors) = (target, logger, options, errors);
        PartSlots = new SemaphoreSlim(options.Concurrency);
        PartPool = ArrayPool<byte>.Create(options.PartSize, options.Concurrency + FillingParts);
        _retries = new Retries(target, options, errors, logger, TimeProvider.System);
    }

    public string Target { get; }

    public ILogger Logger { get; }

    public RemoteErrors Errors => _errors;

    public int PartSize => _options.PartSize;

    public int MostParts => _options.MostParts;

    public TimeSpan StallTimeout => _options.StallTimeout;

    /// <summary>Parts under way, over all objects.</summary>
    public SemaphoreSlim PartSlots { get; }

    /// <summary>Of its own: the shared pool keeps an array of this size for every thread that ever returned one.</summary>
    public ArrayPool<byte> PartPool { get; }

    public Task<T> ReadAsync<T>(string doing, Func<StallClock, Task<T>> request, CancellationToken cancellationToken) =>
        TranslatedAsync(
            doing, () => _retries.ReadAsync(token => AttemptAsync(doing, request, StallTimeout, token), cancellationToken),
            cancellationToken);

    public Task<T> WriteAsync<T>(string doing, Func<StallClock, Task<T>> request, CancellationToken cancellationToken) =>
        WriteAsync(doing, request, StallTimeout * 2, cancellationToken);

    public Task<T> WriteAsync<T>(
        string doing, Func<StallClock, Task<T>> request, TimeSpan stallTimeout, CancellationToken cancellationToken) =>
        TranslatedAsync(
            doing, () => _retries.WriteAsync(token => AttemptAsync(doing, request, stallTimeout, token), cancellationToken),
            cancellationToken);

    /// <summary>A question, with the patience of a write where one depends on it.</summary>
    public Task<T> AskAsync<T>(bool forWrite, string doing, Func<StallClock, Task<T>> request, CancellationToken cancellationToken) =>
        forWrite ? WriteAsync(doing, request, cancellationToken) : ReadAsync(doing, request, cancellationToken);

    public virtual void Dispose() => PartSlots.Dispose();

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
            throw _errors.Stalled(doing, stallTimeout, e);
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
            throw _errors.Translate(doing, e);
        }
    }
}
