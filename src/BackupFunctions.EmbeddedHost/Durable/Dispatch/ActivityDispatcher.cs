using System.Collections.Concurrent;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>Runs activities; one may run again after a crash, but its answer enters the history once.</summary>
internal sealed class ActivityDispatcher : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, CancellationTokenSource> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ActivityStore _store;
    private readonly DurableFunctionRegistry _functions;
    private readonly DataConverter _converter;
    private readonly TimeProvider _time;
    private readonly int _maxDeliveries;
    private readonly PayloadLimit _limit;
    private readonly ILogger _log;

    public ActivityDispatcher(
        ActivityStore store,
        WorkNotifications notifications,
        DurableFunctionRegistry functions,
        DataConverter converter,
        TimeProvider time,
        IOptions<DurableEngineOptions> options,
        ILogger<ActivityDispatcher> log)
    {
        _store = store;
        _functions = functions;
        _converter = converter;
        _time = time;
        _maxDeliveries = options.Value.MaxDeliveries;
        _limit = new PayloadLimit(options.Value.MaxPayload);
        _log = log;
        Loop = new DispatchLoop<ActivityWorkItem>(
            "activities",
            options.Value.MaxConcurrentActivities,
            notifications.Activities,
            options.Value.IdlePollInterval,
            time,
            (count, cancellation) => store.LockAsync(count, options.Value.Lease, cancellation),
            RunAsync,
            log);
    }

    public DispatchLoop<ActivityWorkItem> Loop { get; }

    /// <summary>Sequence numbers of what runs now.</summary>
    public IReadOnlyCollection<long> Running => [.. _running.Keys];

    private DateTime UtcNow => _time.GetUtcNow().UtcDateTime;

    /// <summary>Asks running activities to end; those that do are given back.</summary>
    public Task CancelAsync() => _stopping.CancelAsync();

    /// <summary>Asks one activity to end, because another host has it now.</summary>
    public async Task CancelLostAsync(long sequenceNumber)
    {
        if (_running.TryGetValue(sequenceNumber, out var running))
        {
            _log.LogWarning("The lease of activity {SequenceNumber} was lost; another host runs it, here it is canceled.", sequenceNumber);
            try
            {
                await running.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It ended at this moment.
            }
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(ActivityWorkItem item)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        _running[item.SequenceNumber] = cancellation;
        try
        {
            var answer = await AnswerAsync(item, cancellation.Token);
            await (answer is null ? _store.ReleaseAsync(item, CancellationToken.None) : CompleteAsync(item, answer));
        }
        catch (Exception failure)
        {
            // The lease ends and it is delivered again, here or elsewhere.
            _log.LogError(
                failure, "The answer of activity {Activity} of instance {InstanceId} was not stored.", item.Name, item.InstanceId);
        }
        finally
        {
            _running.TryRemove(item.SequenceNumber, out _);
        }
    }

    /// <returns>Null when the activity was stopped with the host.</returns>
    private async Task<HistoryEvent?> AnswerAsync(ActivityWorkItem item, CancellationToken cancellation)
    {
        if (item.Deliveries > _maxDeliveries)
        {
            return Failed(
                item, "ActivityPoisoned", $"{item.Name} was begun {_maxDeliveries} times and never ended; see why it takes the host down.");
        }

        if (!_functions.TryGetActivity(item.Name, out var run))
        {
            return Failed(item, "ActivityTaskNotFound", $"The activity {item.Name} is not part of this app; deploy the app that has it.");
        }

        try
        {
            var result = await run(new ActivityCall(item.Name, item.InstanceId, item.Input), cancellation);
            var data = _converter.Serialize(result);
            return _limit.Failure(data, $"The result of {item.Name}") is { } tooLarge
                ? new TaskFailedEvent(UtcNow, item.TaskId, tooLarge)
                : new TaskCompletedEvent(UtcNow, item.TaskId, data);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception thrown)
        {
            _log.LogWarning(thrown, "Activity {Activity} of instance {InstanceId} failed.", item.Name, item.InstanceId);
            return new TaskFailedEvent(UtcNow, item.TaskId, TaskFailureDetails.FromException(thrown));
        }
    }

    private TaskFailedEvent Failed(ActivityWorkItem item, string type, string message) =>
        new(UtcNow, item.TaskId, new TaskFailureDetails(type, message, null, null, null) { IsNonRetriable = true });

    /// <summary>Keeps trying while the database is away: an answer may have cost hours.</summary>
    private async Task CompleteAsync(ActivityWorkItem item, HistoryEvent answer)
    {
        while (true)
        {
            try
            {
                await _store.CompleteAsync(item, answer, CancellationToken.None);
                return;
            }
            catch (Exception unreachable) when (!IsRefusal(unreachable) && !_stopping.IsCancellationRequested)
            {
                _log.LogWarning(unreachable, "The answer of activity {Activity} could not be stored yet; trying again.", item.Name);
                await Task.Delay(RetryDelay, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>A server that goes shows itself in many ways; only that the statement or its data is wrong does not pass.</summary>
    private static bool IsRefusal(Exception failure) =>
        failure is PostgresException refused && refused.SqlState[..2] is ("22" or "23" or "42");
}
