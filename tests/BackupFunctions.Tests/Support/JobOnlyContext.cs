using BackupFunctions.Activities;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.ManualBackups;
using BackupFunctions.EmbeddedHost.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Tests.Support;

/// <summary>Runs a workflow of jobs alone, in no time: a timer takes the clock forward and fires, no event comes but those that are there from the beginning.</summary>
internal sealed class JobOnlyContext(ScriptedJobRunner jobs, object input) : TaskOrchestrationContext
{
    private DateTime _now = new(2026, 11, 21, 2, 0, 0, DateTimeKind.Utc);

    public List<TimeSpan> Timers { get; } = [];

    /// <summary>Payloads by name: here before anybody waits for them.</summary>
    public Dictionary<string, object?> Events { get; } = new(StringComparer.Ordinal);

    /// <summary>What hooks are told.</summary>
    public List<BackupNotification> Notifications { get; } = [];

    /// <summary>Of an activity: fails each call.</summary>
    public Dictionary<string, Exception> Failures { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that are not of jobs; they do nothing.</summary>
    public List<string> OtherActivities { get; } = [];

    public override TaskName Name => "workflow";

    public override string InstanceId => "instance";

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public override T? GetInput<T>()
        where T : default => (T)input;

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        if (Failures.TryGetValue(name.Name, out var failure))
        {
            throw new TaskFailedException(name.Name, 1, failure);
        }

        if (name == nameof(NotifyBackupEnd))
        {
            Notifications.Add((BackupNotification)input!);
            return default!;
        }

        if (name == nameof(StartJob))
        {
            await jobs.StartAsync((JobSpec)input!, CancellationToken.None);
            return default!;
        }

        if (name != nameof(ReadJob))
        {
            OtherActivities.Add(name);
            return default!;
        }

        return (TResult)(object)await jobs.GetStatusAsync((string)input!, CancellationToken.None);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        Timers.Add(fireAt - _now);
        _now = fireAt;
        return Task.CompletedTask;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) =>
        Events.TryGetValue(eventName, out var payload) ? Task.FromResult((T)payload!) : new TaskCompletionSource<T>().Task;

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override void SetCustomStatus(object? customStatus)
    {
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        throw new NotSupportedException();

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

    public override Guid NewGuid() => Guid.NewGuid();
}
