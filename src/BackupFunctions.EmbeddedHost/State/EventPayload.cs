using BackupFunctions.EmbeddedHost.Durable.History;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>The one value of an event that an app can make large.</summary>
internal static class EventPayload
{
    /// <returns>JSON or a reference; null when there is none.</returns>
    public static string? Of(HistoryEvent happened) => happened switch
    {
        ExecutionStartedEvent e => e.Input,
        ExecutionCompletedEvent e => e.Result,
        ExecutionTerminatedEvent e => e.Output,
        TaskScheduledEvent e => e.Input,
        TaskCompletedEvent e => e.Result,
        SubOrchestrationCreatedEvent e => e.Input,
        SubOrchestrationCompletedEvent e => e.Result,
        EventSentEvent e => e.Input,
        EventRaisedEvent e => e.Input,
        _ => null,
    };

    public static HistoryEvent Replace(HistoryEvent happened, Func<string?, string?> replace)
    {
        var old = Of(happened);
        var value = replace(old);
        return ReferenceEquals(old, value) ? happened : With(happened, value);
    }

    private static HistoryEvent With(HistoryEvent happened, string? value) => happened switch
    {
        ExecutionStartedEvent e => e with { Input = value },
        ExecutionCompletedEvent e => e with { Result = value },
        ExecutionTerminatedEvent e => e with { Output = value },
        TaskScheduledEvent e => e with { Input = value },
        TaskCompletedEvent e => e with { Result = value },
        SubOrchestrationCreatedEvent e => e with { Input = value },
        SubOrchestrationCompletedEvent e => e with { Result = value },
        EventSentEvent e => e with { Input = value },
        EventRaisedEvent e => e with { Input = value },
        _ => happened,
    };
}
