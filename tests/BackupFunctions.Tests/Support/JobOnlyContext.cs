using BackupFunctions.Activities;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Tests.Support;

/// <summary>Runs a workflow of jobs alone, in no time: a timer takes the clock forward and fires, no event ever comes.</summary>
internal sealed class JobOnlyContext(ScriptedJobRunner jobs, object input) : TaskOrchestrationContext
{
    private DateTime _now = new(2026, 11, 21, 2, 0, 0, DateTimeKind.Utc);

    public List<TimeSpan> Timers { get; } = [];

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
        if (name == nameof(StartJob))
        {
            await jobs.StartAsync((JobSpec)input!, CancellationToken.None);
            return default!;
        }

        if (name == nameof(AdmitMerge) || name == nameof(ForgetMerge))
        {
            return default!;
        }

        name.Name.ShouldBe(nameof(ReadJob));
        return (TResult)(object)await jobs.GetStatusAsync((string)input!, CancellationToken.None);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        Timers.Add(fireAt - _now);
        _now = fireAt;
        return Task.CompletedTask;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) => new TaskCompletionSource<T>().Task;

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override void SetCustomStatus(object? customStatus)
    {
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        throw new NotSupportedException();

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

    public override Guid NewGuid() => Guid.NewGuid();
}
