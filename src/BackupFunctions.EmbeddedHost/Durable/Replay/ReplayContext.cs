using System.Globalization;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>What an orchestrator sees of its own replay.</summary>
internal sealed class ReplayContext(ReplayInstance instance, ReplaySettings settings, ReplaySynchronizationContext thread)
    : TaskOrchestrationContext
{
    /// <summary>The text of the Functions worker.</summary>
    public const string IllegalAwait =
        "An invalid asynchronous invocation was detected. This can be caused by awaiting non-durable tasks in an orchestrator " +
        "function's implementation or by middleware that invokes asynchronous code.";

    private readonly List<EscapedFailure> _escaped = [];
    private readonly List<(int ActionId, int NextId)> _escaping = [];
    private ILoggerFactory? _loggers;
    private DateTime _now;
    private bool _isReplaying = true;
    private int _guids;

    public override TaskName Name => instance.Name;

    public override string InstanceId => instance.InstanceId;

    public override string Version => instance.Version;

    public override ParentOrchestrationInstance? Parent => instance.Parent;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => _isReplaying;

    public override ILoggerFactory ReplaySafeLoggerFactory => _loggers ??= new ReplaySafeLoggerFactory(LoggerFactory, () => _isReplaying);

    public ActionLedger Actions { get; } = new(settings.MaxActions);

    public ExternalEvents Events { get; } = new(settings.Converter);

    /// <summary>JSON.</summary>
    public string? CustomStatus { get; private set; } = instance.CustomStatus;

    /// <summary>Null unless the orchestrator asked to start over.</summary>
    public NextExecution? Next { get; private set; }

    /// <summary>Failures that the orchestrator's code got, in order.</summary>
    public IReadOnlyList<EscapedFailure> EscapedFailures => _escaped;

    /// <summary>JSON.</summary>
    public string? Input { get; set; }

    protected override ILoggerFactory LoggerFactory => settings.Loggers;

    public void BeginTurn(DateTime now) => _now = now;

    /// <summary>After everything that followed from one event.</summary>
    public void EndStep()
    {
        _escaped.AddRange(_escaping.Select(e => new EscapedFailure(e.ActionId, Actions.NextId > e.NextId)));
        _escaping.Clear();
    }

    public void EndPast() => _isReplaying = false;

    public override T? GetInput<T>()
        where T : default => settings.Converter.Deserialize<T>(Input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        EnsureOwnThread();
        RefuseOptionsAsInput(input, options);
        var data = settings.Converter.Serialize(input);
        var version = options?.Version is { } given ? given.Version : Version;
        return WatchAsync(options?.Retry, async () => Result<TResult>(await Actions.AddOpen(
            new TaskScheduledEvent(Actions.TakeId(), _now, name.Name, version, data, options?.Tags))));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        EnsureOwnThread();
        RefuseOptionsAsInput(input, options);
        var data = settings.Converter.Serialize(input);
        var sub = options as SubOrchestrationOptions;
        var id = sub?.InstanceId ?? NewGuid().ToString("N");
        var version = (sub?.Version ?? options?.Version) is { } given ? given.Version : settings.DefaultVersion;
        return WatchAsync(options?.Retry, async () => Result<TResult>(await Actions.AddOpen(
            new SubOrchestrationCreatedEvent(Actions.TakeId(), _now, orchestratorName.Name, version, id, data, options?.Tags))));
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        EnsureOwnThread();
        var due = fireAt.ToUniversalTime();
        while (due - _now > settings.MaximumTimerInterval && !cancellationToken.IsCancellationRequested)
        {
            await CreateSingleTimer(_now + settings.MaximumTimerInterval, cancellationToken);
        }

        await CreateSingleTimer(due, cancellationToken);
    }

    /// <summary>A timer that is not cut into shorter ones.</summary>
    public Task CreateSingleTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        EnsureOwnThread();
        var id = Actions.TakeId();
        var fired = Actions.AddOpen(new TimerCreatedEvent(id, _now, fireAt));
        cancellationToken.Register(() => Actions.Cancel(id, cancellationToken));
        return fired;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        EnsureOwnThread();
        return Events.WaitAsync<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        EnsureOwnThread();
        EntityRules.Refuse(instanceId);
        Actions.Add(new EventSentEvent(Actions.TakeId(), _now, instanceId, eventName, settings.Converter.Serialize(payload)));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        EnsureOwnThread();
        CustomStatus = settings.Converter.Serialize(customStatus);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        EnsureOwnThread();
        Next = new NextExecution(settings.Converter.Serialize(newInput), null, preserveUnprocessedEvents);
    }

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ContinueAsNew(options.NewInput, options.PreserveUnprocessedEvents);
        Next = Next! with { Version = options.NewVersion };
    }

    public override Guid NewGuid()
    {
        EnsureOwnThread();
        return DeterministicGuid.Create(string.Create(CultureInfo.InvariantCulture, $"{InstanceId}_{_now:o}_{_guids++}"));
    }

    private static void RefuseOptionsAsInput(object? input, TaskOptions? options)
    {
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException(
                "TaskOptions were given as the input and no options were; give them as the options.", nameof(input));
        }
    }

    private async Task<T> WatchAsync<T>(TaskRetryOptions? retry, Func<Task<T>> call)
    {
        try
        {
            return await RetryLoop.RunAsync(this, retry, call);
        }
        catch (TaskFailedException failure)
        {
            _escaping.Add((failure.TaskId, Actions.NextId));
            throw;
        }
    }

    private TResult Result<TResult>(string? data) => settings.Converter.Deserialize<TResult>(data)!;

    private void EnsureOwnThread()
    {
        if (!thread.IsOwnThread)
        {
            thread.ReportLeft();
            throw new InvalidOperationException(IllegalAwait);
        }
    }
}
