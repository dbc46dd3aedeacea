using System.Collections.Concurrent;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.Durable.Replay;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>Runs turns of due instances.</summary>
internal sealed class OrchestrationDispatcher
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _foreignVersions = new(StringComparer.Ordinal);
    private readonly OrchestrationStore _store;
    private readonly EventSender _events;
    private readonly DurableEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly OrchestrationTurn _turn;
    private readonly ILogger _log;

    public OrchestrationDispatcher(
        OrchestrationStore store,
        EventSender events,
        WorkNotifications notifications,
        DurableFunctionRegistry functions,
        DataConverter converter,
        TimeProvider time,
        IOptions<DurableEngineOptions> options,
        ILoggerFactory loggers)
    {
        _store = store;
        _events = events;
        _options = options.Value;
        _time = time;
        _log = loggers.CreateLogger<OrchestrationDispatcher>();
        _turn = new OrchestrationTurn(functions, ReplaySettings.Of(_options, converter, loggers), _options);
        Loop = new DispatchLoop<OrchestrationLock>(
            "orchestrations",
            _options.MaxConcurrentOrchestrators,
            notifications.Orchestrations,
            _options.IdlePollInterval,
            time,
            (count, cancellation) => store.LockAsync(count, UtcNow, _options.Lease, [.. _foreignVersions.Keys], cancellation),
            RunAsync,
            _log);
    }

    public DispatchLoop<OrchestrationLock> Loop { get; }

    /// <summary>Ids of the instances whose turns run now.</summary>
    public IReadOnlyCollection<string> Running => [.. _running.Keys];

    private DateTime UtcNow => _time.GetUtcNow().UtcDateTime;

    private async Task RunAsync(OrchestrationLock held)
    {
        _running[held.InstanceId] = held.Turn;
        try
        {
            if (VersionMatch.Mismatch(held.Version, _options) is { } mismatch)
            {
                await (_options.VersionFailureStrategy == VersionFailureStrategy.Fail
                    ? EndUnreadAsync(held, mismatch)
                    : LeaveAsync(held, mismatch));
            }
            else
            {
                await (held.Attempts > _options.MaxDeliveries ? EndUnreadAsync(held, Poisoned()) : RunTurnAsync(held));
            }
        }
        catch (Exception failure)
        {
            await BackOffAsync(held, failure);
        }
        finally
        {
            _running.TryRemove(KeyValuePair.Create(held.InstanceId, held.Turn));
        }
    }

    private async Task RunTurnAsync(OrchestrationLock held) =>
        await RunTurnAsync(await _store.LoadAsync(held, UtcNow, CancellationToken.None));

    private async Task RunTurnAsync(OrchestrationWorkItem item)
    {
        var held = item.Lock;
        var digest = _log.IsEnabled(LogLevel.Trace) ? HistoryDigest.Of(item.History) : null;
        var checkpoint = _turn.Run(item, UtcNow, () => FailLater(held));
        if (await SaveAsync(item, checkpoint) && checkpoint.IsTurn && digest is not null)
        {
            // Lets a test show that no execution decides twice on different histories.
            _log.LogTrace(
                "Decided {InstanceId} {ExecutionId} {Length} {Digest}", held.InstanceId, held.ExecutionId, item.History.Count, digest);
        }
    }

    /// <summary>
    /// From now on its version is left to the hosts that may run it, without looking at it again. Its end needs none of its code, so that
    /// an instance without a host can still be terminated.
    /// </summary>
    private async Task LeaveAsync(OrchestrationLock held, TaskFailureDetails mismatch)
    {
        var item = await _store.LoadAsync(held, UtcNow, CancellationToken.None);
        if (TurnEvents.Of(item).Kind == TurnKind.End)
        {
            await RunTurnAsync(item);
            return;
        }

        if (_foreignVersions.TryAdd(held.Version ?? string.Empty, true))
        {
            _log.LogWarning("Instance {InstanceId} is left to another host: {Reason}", held.InstanceId, mismatch.ErrorMessage);
        }

        await _store.LeaveAsync(held, CancellationToken.None);
    }

    /// <summary>Ends an instance that cannot run here, without reading what may not be readable.</summary>
    private async Task EndUnreadAsync(OrchestrationLock held, TaskFailureDetails failure)
    {
        var (item, consumed) = await _store.LoadUnreadAsync(held, CancellationToken.None);
        await SaveAsync(item, OrchestrationTurn.GiveUp(held, consumed, UtcNow, failure));
    }

    private TaskFailureDetails Poisoned() => new(
        "OrchestrationPoisoned",
        $"{_options.MaxDeliveries} turns ended before their checkpoint; the host's log says why.",
        null,
        null,
        null);

    private async Task<bool> SaveAsync(OrchestrationWorkItem item, Checkpoint checkpoint)
    {
        var isSaved = await _store.SaveAsync(item, checkpoint, CancellationToken.None);
        if (!isSaved)
        {
            _log.LogWarning("The lease of instance {InstanceId} was lost; another host does this turn.", item.Lock.InstanceId);
        }

        return isSaved;
    }

    /// <summary>The turn is over: only a further one can end the instance.</summary>
    private async void FailLater(OrchestrationLock held)
    {
        try
        {
            var failure = TaskFailureDetails.FromException(new InvalidOperationException(ReplayContext.IllegalAwait));
            await _events.SendAsync(
                held.InstanceId, new ExecutionFailedEvent(UtcNow, failure), held.ExecutionId, CancellationToken.None);
        }
        catch (Exception unreachable)
        {
            _log.LogError(
                unreachable,
                "Instance {InstanceId} waits for something that is not durable and could not be failed.",
                held.InstanceId);
        }
    }

    private async Task BackOffAsync(OrchestrationLock held, Exception failure)
    {
        var delay = TimeSpan.FromMilliseconds(Math.Min(LongestBackoff.TotalMilliseconds, 50 * Math.Pow(2, held.Attempts)));
        _log.LogError(
            failure, "Turn of instance {InstanceId} failed, attempt {Attempt}; again in {Delay}.", held.InstanceId, held.Attempts, delay);
        try
        {
            await _store.ReleaseAsync(held, delay, CancellationToken.None);
        }
        catch (Exception unreachable)
        {
            _log.LogWarning(unreachable, "Instance {InstanceId} stays locked until its lease ends.", held.InstanceId);
        }
    }
}
