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
    private static readonly TimeSpan NewerVersionDelay = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> _running = new(StringComparer.Ordinal);
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
        var settings = new ReplaySettings(converter, loggers, _options.MaximumTimerInterval, _options.DefaultVersion);
        _turn = new OrchestrationTurn(functions, settings, _options.StoreInputsInHistory);
        Loop = new DispatchLoop<OrchestrationLock>(
            "orchestrations",
            _options.MaxConcurrentOrchestrators,
            notifications.Orchestrations,
            _options.IdlePollInterval,
            time,
            (count, cancellation) => store.LockAsync(count, UtcNow, _options.Lease, cancellation),
            RunAsync,
            _log);
    }

    public DispatchLoop<OrchestrationLock> Loop { get; }

    /// <summary>Ids of the instances whose turns run now.</summary>
    public IReadOnlyCollection<string> Running => [.. _running.Keys];

    private DateTime UtcNow => _time.GetUtcNow().UtcDateTime;

    private async Task RunAsync(OrchestrationLock held)
    {
        if (_options.DefaultVersion is { } own && VersionOrder.Compare(held.Version, own) > 0)
        {
            _log.LogInformation(
                "Instance {InstanceId} has version {Version}, newer than {OwnVersion} of this host: left to a newer one.",
                held.InstanceId,
                held.Version,
                own);
            await _store.ReleaseAsync(held, NewerVersionDelay, CancellationToken.None);
            return;
        }

        _running[held.InstanceId] = held.Turn;
        try
        {
            await (held.Attempts > _options.MaxDeliveries ? GiveUpAsync(held) : RunTurnAsync(held));
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

    private async Task RunTurnAsync(OrchestrationLock held)
    {
        var item = await _store.LoadAsync(held, UtcNow, CancellationToken.None);
        await SaveAsync(item, _turn.Run(item, UtcNow, () => FailLater(held)));
    }

    /// <summary>Ends an instance whose turns keep failing outside of its own code, without reading what it cannot read.</summary>
    private async Task GiveUpAsync(OrchestrationLock held)
    {
        var (item, consumed) = await _store.LoadUnreadAsync(held, CancellationToken.None);
        var reason = $"{_options.MaxDeliveries} turns ended before their checkpoint; the host's log says why.";
        await SaveAsync(item, OrchestrationTurn.GiveUp(held, consumed, UtcNow, reason));
    }

    private async Task SaveAsync(OrchestrationWorkItem item, Checkpoint checkpoint)
    {
        if (!await _store.SaveAsync(item, checkpoint, CancellationToken.None))
        {
            _log.LogWarning("The lease of instance {InstanceId} was lost; another host does this turn.", item.Lock.InstanceId);
        }
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
