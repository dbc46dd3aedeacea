using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.State;

namespace BackupFunctions.EmbeddedHost.Durable.Management;

internal sealed class InstanceHistory(InstanceReader reader) : IInstanceHistory
{
    public async Task<IReadOnlyList<HistoryEventRecord>?> GetAsync(string instanceId, CancellationToken cancellationToken)
    {
        var events = await reader.GetHistoryAsync(instanceId, cancellationToken);
        return events.Count > 0 || await reader.GetAsync(instanceId, false, cancellationToken) is not null
            ? events.ConvertAll(Record)
            : null;
    }

    private static HistoryEventRecord Record(HistoryEvent happened)
    {
        var record = new HistoryEventRecord(happened.EventId, HistorySerializer.TypeName(happened), happened.Timestamp);
        return happened switch
        {
            ExecutionStartedEvent e => record with { Name = e.Name, Input = e.Input },
            ExecutionCompletedEvent e => record with { Status = e.Status.ToString(), Result = e.Result, FailureDetails = e.Failure },
            ExecutionFailedEvent e => record with { Reason = e.Failure.ErrorMessage, FailureDetails = e.Failure },
            ExecutionTerminatedEvent e => record with { Reason = e.Output },
            ExecutionSuspendedEvent e => record with { Reason = e.Reason },
            ExecutionResumedEvent e => record with { Reason = e.Reason },
            ExecutionRewoundEvent e => record with { Reason = e.Reason },
            TaskScheduledEvent e => record with { Name = e.Name, Input = e.Input },
            TaskCompletedEvent e => record with { ScheduledId = e.ScheduledId, Result = e.Result },
            TaskFailedEvent e => record with
            {
                ScheduledId = e.ScheduledId,
                Reason = e.Failure.ErrorMessage,
                FailureDetails = e.Failure,
            },
            TimerCreatedEvent e => record with { FireAt = e.FireAt },
            TimerFiredEvent e => record with { ScheduledId = e.TimerId, FireAt = e.FireAt },
            SubOrchestrationCreatedEvent e => record with { Name = e.Name, Input = e.Input, InstanceId = e.InstanceId },
            SubOrchestrationCompletedEvent e => record with { ScheduledId = e.ScheduledId, Result = e.Result },
            SubOrchestrationFailedEvent e => record with
            {
                ScheduledId = e.ScheduledId,
                Reason = e.Failure.ErrorMessage,
                FailureDetails = e.Failure,
            },
            EventSentEvent e => record with { Name = e.Name, Input = e.Input, InstanceId = e.InstanceId },
            EventRaisedEvent e => record with { Name = e.Name, Input = e.Input },
            _ => record,
        };
    }
}
