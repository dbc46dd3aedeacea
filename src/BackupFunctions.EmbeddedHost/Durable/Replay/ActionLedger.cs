using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>
/// What an orchestrator asked for: numbered by one counter, matched against the history on replay, answered by later events.
/// </summary>
/// <param name="maximum">How many an execution may ask for.</param>
internal sealed class ActionLedger(int maximum)
{
    private readonly SortedDictionary<int, ActionEvent> _unrecorded = [];
    private readonly Dictionary<int, (string Name, TaskCompletionSource<string?> Source)> _open = [];

    /// <summary>Asked for in this turn, in order of their ids.</summary>
    public IReadOnlyCollection<ActionEvent> Unrecorded => _unrecorded.Values;

    /// <summary>An orchestration does not end while something it asked for is under way.</summary>
    public bool HasOpen => _open.Count > 0;

    /// <summary>Ids of what nobody has answered yet and the orchestrator still waits for.</summary>
    public IReadOnlyCollection<int> Open => _open.Keys;

    /// <summary>Id of the next action.</summary>
    public int NextId { get; private set; }

    /// <summary>Set when it asked for more than it may.</summary>
    public TaskFailureDetails? Excess { get; private set; }

    /// <exception cref="InvalidOperationException">The orchestrator asked for more than it may; catching it does not help.</exception>
    public int TakeId()
    {
        if (NextId < maximum)
        {
            return NextId++;
        }

        var excess = new InvalidOperationException(
            $"Maximum amount of orchestration actions ({maximum}) has been reached. This value can be configured in host.json file " +
            "as MaxOrchestrationActions; continue as new to begin at zero.");
        Excess = TaskFailureDetails.FromException(excess);
        throw excess;
    }

    /// <summary>The end itself is not counted.</summary>
    public int TakeLastId() => NextId++;

    public void Add(ActionEvent action) => _unrecorded.Add(action.EventId, action);

    /// <returns>The answer: JSON, or <see cref="TaskFailedException"/>.</returns>
    public Task<string?> AddOpen(ActionEvent action)
    {
        Add(action);
        var source = new TaskCompletionSource<string?>();
        _open.Add(action.EventId, (action.ActionName ?? action.Kind, source));
        return source.Task;
    }

    /// <exception cref="NonDeterminismException">The orchestrator asked for something else, or for nothing.</exception>
    public void Match(ActionEvent recorded)
    {
        if (!_unrecorded.Remove(recorded.EventId, out var asked))
        {
            throw NonDeterminismException.Missing(Describe(recorded), recorded.EventId);
        }

        if (asked.GetType() != recorded.GetType()
            || !string.Equals(asked.ActionName, recorded.ActionName, StringComparison.OrdinalIgnoreCase))
        {
            throw NonDeterminismException.Different(Describe(recorded), recorded.EventId, Describe(asked));
        }
    }

    /// <returns>False when the answer is a duplicate or nobody waits for it any more.</returns>
    public bool Complete(int id, string? result)
    {
        var wanted = _open.Remove(id, out var task);
        task.Source?.SetResult(result);
        return wanted;
    }

    /// <returns>False when the answer is a duplicate or nobody waits for it any more.</returns>
    public bool Fail(int id, TaskFailureDetails failure)
    {
        var wanted = _open.Remove(id, out var task);
        task.Source?.SetException(new TaskFailedException(task.Name, id, failure));
        return wanted;
    }

    public void Cancel(int id, CancellationToken token)
    {
        _open.Remove(id, out var task);
        task.Source?.SetCanceled(token);
    }

    private static string Describe(ActionEvent action)
    {
        var article = action is TimerCreatedEvent or SubOrchestrationCreatedEvent ? "a" : "an";
        return action.ActionName is { } name ? $"{article} {action.Kind} task named '{name}'" : $"{article} {action.Kind} task";
    }
}
