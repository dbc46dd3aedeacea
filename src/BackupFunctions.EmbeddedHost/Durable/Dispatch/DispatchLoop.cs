using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>
/// Takes work as long as there is some and a place for it, then sleeps until it is called or something is due: no polling.
/// </summary>
internal sealed class DispatchLoop<T>(
    string name,
    int places,
    AsyncSignal signal,
    TimeSpan idlePoll,
    TimeProvider time,
    Func<int, CancellationToken, Task<(List<T> Items, TimeSpan? NextDue)>> take,
    Func<T, Task> run,
    ILogger log)
{
    private static readonly TimeSpan FailureDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    private int Running
    {
        get
        {
            lock (_lock)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>Until canceled; work already begun goes on.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var wait = await TakeAsync(cancellationToken);
                if (wait > TimeSpan.Zero)
                {
                    await signal.WaitAsync(wait, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                log.LogError(failure, "Taking {Work} failed; trying again.", name);
                await Task.Delay(FailureDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Ends when all work that was begun has ended.</summary>
    public Task WhenIdleAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_running);
        }
    }

    /// <returns>How long there is nothing to do.</returns>
    private async Task<TimeSpan> TakeAsync(CancellationToken cancellationToken)
    {
        var free = places - Running;
        if (free == 0)
        {
            // The end of any of them sets the signal.
            return idlePoll;
        }

        var (items, nextDue) = await take(free, cancellationToken);
        foreach (var item in items)
        {
            Begin(item);
        }

        return items.Count > 0 ? TimeSpan.Zero : Shorter(nextDue, idlePoll);
    }

    private static TimeSpan Shorter(TimeSpan? due, TimeSpan idlePoll)
    {
        // The database rounds to microseconds, timers to milliseconds: up, or the loop would turn until the moment comes.
        var wait = due is { } known ? TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(known.TotalMilliseconds))) : idlePoll;
        return wait < idlePoll ? wait : idlePoll;
    }

    private void Begin(T item)
    {
        lock (_lock)
        {
            var task = Task.Run(() => run(item));
            _running.Add(task);
            _ = task.ContinueWith(End, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void End(Task task)
    {
        lock (_lock)
        {
            _running.Remove(task);
        }

        if (task.Exception is { } failure)
        {
            log.LogError(failure, "Work on {Work} ended unexpectedly.", name);
        }

        signal.Set();
    }
}
