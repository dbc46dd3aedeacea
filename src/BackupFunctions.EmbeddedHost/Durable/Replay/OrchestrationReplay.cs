using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>
/// Brings an orchestrator to the present: runs its code over the events that happened, then over the new ones, on one thread.
/// Good for one turn.
/// </summary>
internal sealed class OrchestrationReplay
{
    private readonly ReplaySynchronizationContext _thread = new();
    private readonly DurableFunctionRegistry _functions;
    private readonly ReplaySettings _settings;
    private readonly ReplayInstance _instance;
    private readonly ReplayContext _context;
    private readonly ILogger _log;
    private Task<object?>? _run;
    private TaskFailureDetails? _refusal;

    public OrchestrationReplay(ReplayInstance instance, DurableFunctionRegistry functions, ReplaySettings settings)
    {
        _instance = instance;
        _functions = functions;
        _settings = settings;
        _context = new ReplayContext(instance, settings, _thread);
        _log = settings.Loggers.CreateLogger<OrchestrationReplay>();
    }

    /// <summary>Ids of the actions that the orchestrator waits for, after the run.</summary>
    public IReadOnlyCollection<int> OpenActions => _context.Actions.Open;

    /// <summary>Names of the external events that the orchestrator waits for, after the run.</summary>
    public IReadOnlyList<string> AwaitedEvents => [.. _context.Events.Awaited.Order(StringComparer.OrdinalIgnoreCase)];

    /// <param name="past">The history.</param>
    /// <param name="fresh">Events of this turn, the first of them <see cref="OrchestratorStartedEvent"/>.</param>
    /// <param name="whenLeft">Called when the orchestrator turns out, after this turn, to wait for something that is not durable.</param>
    public ReplayOutcome Run(IEnumerable<HistoryEvent> past, IEnumerable<HistoryEvent> fresh, Action whenLeft)
    {
        try
        {
            Apply(past);
            _context.EndPast();
            Apply(fresh);
            return Outcome();
        }
        catch (NonDeterminismException mismatch)
        {
            return Failed(TaskFailureDetails.FromException(mismatch)) with { Actions = [], UnmatchedActionId = mismatch.ActionId };
        }
        finally
        {
            _thread.Close(whenLeft);
        }
    }

    private void Apply(IEnumerable<HistoryEvent> events)
    {
        foreach (var happened in events)
        {
            _thread.Run(() => Apply(happened));
            _context.EndStep();
        }
    }

    private void Apply(HistoryEvent happened)
    {
        switch (happened)
        {
            case OrchestratorStartedEvent started:
                _context.BeginTurn(started.Timestamp);
                break;
            case ExecutionStartedEvent started:
                Start(started);
                break;
            case ActionEvent recorded:
                _context.Actions.Match(recorded);
                break;
            case TaskCompletedEvent done:
                ReportDuplicate(_context.Actions.Complete(done.ScheduledId, done.Result), done.ScheduledId, happened);
                break;
            case TaskFailedEvent failed:
                ReportDuplicate(_context.Actions.Fail(failed.ScheduledId, failed.Failure), failed.ScheduledId, happened);
                break;
            case SubOrchestrationCompletedEvent done:
                ReportDuplicate(_context.Actions.Complete(done.ScheduledId, done.Result), done.ScheduledId, happened);
                break;
            case SubOrchestrationFailedEvent failed:
                ReportDuplicate(_context.Actions.Fail(failed.ScheduledId, failed.Failure), failed.ScheduledId, happened);
                break;
            case TimerFiredEvent fired:
                // Nobody waits for a canceled timer any more: no reason for a warning.
                _context.Actions.Complete(fired.TimerId, null);
                break;
            case EventRaisedEvent raised when _context.Next is null:
                _context.Events.Raise(raised);
                break;
            case EventRaisedEvent raised:
                _context.Events.Buffer(raised);
                break;
        }
    }

    private void Start(ExecutionStartedEvent started)
    {
        if (!_functions.TryGetOrchestrator(started.Name, out var run))
        {
            _refusal = new TaskFailureDetails(
                "OrchestratorTaskNotFound",
                $"The orchestrator {started.Name} is not part of this app; start one that is, or deploy the app that has it.",
                null,
                null,
                null) { IsNonRetriable = true };
            return;
        }

        _context.Input = started.Input;
        try
        {
            _run = run(_context);
        }
        catch (Exception thrown)
        {
            _run = Task.FromException<object?>(thrown);
        }
    }

    private ReplayOutcome Outcome()
    {
        if (_refusal is not null)
        {
            return Failed(_refusal);
        }

        var stuck = _run is { IsCompleted: false } && !_context.Actions.HasOpen && !_context.Events.HasWaiters;
        if (_thread.WasLeft || stuck)
        {
            var illegal = new InvalidOperationException(ReplayContext.IllegalAwait);
            return Failed(TaskFailureDetails.FromException(illegal)) with { Actions = [] };
        }

        if (_context.Actions.Excess is { } excess)
        {
            return Failed(excess) with { Actions = [] };
        }

        return _run is { IsCompleted: true } ended && !_context.Actions.HasOpen ? Ended(ended) : New(OrchestrationRuntimeStatus.Running);
    }

    private ReplayOutcome Ended(Task<object?> run)
    {
        try
        {
            var output = _settings.Converter.Serialize(run.GetAwaiter().GetResult());
            return _context.Next is { } next
                ? New(OrchestrationRuntimeStatus.ContinuedAsNew) with
                {
                    Next = next,
                    CarriedEvents = next.KeepEvents ? _context.Events.Buffered : [],
                }
                : New(OrchestrationRuntimeStatus.Completed) with { Output = output, CompletionId = _context.Actions.TakeLastId() };
        }
        catch (Exception thrown)
        {
            return Failed(TaskFailureDetails.FromException(thrown));
        }
    }

    private ReplayOutcome Failed(TaskFailureDetails failure) =>
        New(OrchestrationRuntimeStatus.Failed) with { Failure = failure, CompletionId = _context.Actions.TakeLastId() };

    private ReplayOutcome New(OrchestrationRuntimeStatus status) =>
        new(status)
        {
            Actions = [.. _context.Actions.Unrecorded],
            CustomStatus = _context.CustomStatus,
            EscapedFailures = _context.EscapedFailures,
        };

    private void ReportDuplicate(bool wanted, int id, HistoryEvent happened)
    {
        if (!wanted && !_context.IsReplaying)
        {
            _log.LogWarning(
                "Duplicate {EventType} for action {ActionId} of instance {InstanceId} was ignored.",
                HistorySerializer.TypeName(happened),
                id,
                _instance.InstanceId);
        }
    }
}
