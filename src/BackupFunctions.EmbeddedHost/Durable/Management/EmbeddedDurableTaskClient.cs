using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.DurableTask.Core.Exceptions;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.Options;

namespace BackupFunctions.EmbeddedHost.Durable.Management;

/// <summary>The client of this host's engine, on the same database.</summary>
internal sealed class EmbeddedDurableTaskClient(
    InstanceStarter starter,
    InstanceReader reader,
    InstanceWaiter waiter,
    InstancePurger purger,
    InstanceRewinder rewinder,
    EventSender events,
    DataConverter converter,
    TimeProvider time,
    IOptions<DurableEngineOptions> options) : DurableTaskClient(options.Value.HubName)
{
    private readonly PayloadLimit _limit = new(options.Value.MaxPayload);

    private DateTime UtcNow => time.GetUtcNow().UtcDateTime;

    private string? DefaultVersion => options.Value.DefaultVersion;

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        var start = options ?? new StartOrchestrationOptions();
        var id = string.IsNullOrEmpty(start.InstanceId) ? Guid.NewGuid().ToString("N") : start.InstanceId;
        InstanceIdRules.Check(id);
        DedupeRules.Check(start.DedupeStatuses);
        var data = converter.Serialize(input);
        _limit.Check(data, $"The input of instance {id}");
        var version = start.Version is { } given ? given.Version : DefaultVersion;
        var started = new ExecutionStartedEvent(UtcNow, orchestratorName.Name, version, data, null);
        var instance = new NewInstance(id, NewExecution(), started, start.StartAt?.UtcDateTime, start.Tags);
        return await starter.StartAsync(instance, start.DedupeStatuses ?? InstanceCreator.NotFinal, cancellation)
            ? id
            : throw new OrchestrationAlreadyExistsException(
                $"An instance {id} exists in a state that forbids its replacement; wait for its end or start with another id.");
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        EntityRules.Refuse(instanceId);
        var data = converter.Serialize(eventPayload);
        _limit.Check(data, $"The event {eventName}");
        return SendAsync(instanceId, new EventRaisedEvent(UtcNow, eventName, data), cancellation);
    }

    public override async Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        var instance = await waiter.WaitAsync(
            instanceId, found => found.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);
        return Metadata(instance, getInputsAndOutputs);
    }

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        var instance = await waiter.WaitAsync(
            instanceId, found => InstanceStates.IsFinal(found.Status), getInputsAndOutputs, cancellation);
        return Metadata(instance, getInputsAndOutputs);
    }

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        var output = converter.Serialize(options?.Output);
        _limit.Check(output, "The output");
        return SendAsync(instanceId, new ExecutionTerminatedEvent(UtcNow, output, options?.Recursive ?? false), cancellation);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionSuspendedEvent(UtcNow, reason), cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionResumedEvent(UtcNow, reason), cancellation);

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        await reader.GetAsync(instanceId, getInputsAndOutputs, cancellation) is { } instance
            ? Metadata(instance, getInputsAndOutputs)
            : null;

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        var query = filter ?? new OrchestrationQuery();
        var otherHubs = query.TaskHubNames?.Any() == true && !query.TaskHubNames.Contains(Name, StringComparer.OrdinalIgnoreCase);
        return Pageable.Create<OrchestrationMetadata>(async (token, size, cancellation) =>
        {
            if (otherHubs)
            {
                return new Page<OrchestrationMetadata>([]);
            }

            var page = await reader.QueryAsync(query, token ?? query.ContinuationToken, size ?? query.PageSize, cancellation);
            return new Page<OrchestrationMetadata>(
                [.. page.Values.Select(instance => Metadata(instance, query.FetchInputsAndOutputs))], page.ContinuationToken);
        });
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        new(await purger.PurgeAsync(instanceId, options?.Recursive ?? false, cancellation), true);

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        purger.PurgeAsync(filter, options?.Recursive ?? false, cancellation);

    public override async Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        var old = await reader.GetAsync(instanceId, true, cancellation)
            ?? throw new ArgumentException($"There is no instance {instanceId} to restart.", nameof(instanceId));
        var id = restartWithNewInstanceId ? Guid.NewGuid().ToString("N") : instanceId;
        var started = new ExecutionStartedEvent(UtcNow, old.Name, old.Version, old.Input, null);
        var restarted = new NewInstance(id, NewExecution(), started, null, old.Tags);
        return await starter.StartAsync(restarted, InstanceCreator.NotFinal, cancellation)
            ? id
            : throw new InvalidOperationException(
                $"Instance {instanceId} is {old.Status}; wait for its end or terminate it, or restart it with a new id.");
    }

    public override Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default) =>
        rewinder.RewindAsync(instanceId, reason, cancellation);

    public override async Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default)
    {
        var ids = await reader.ListIdsAsync(runtimeStatus, completedTimeFrom, completedTimeTo, pageSize, lastInstanceKey, cancellation);
        return new Page<string>(ids, ids.Count == pageSize ? ids[^1] : null);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string NewExecution() => Guid.NewGuid().ToString("N");

    private Task SendAsync(string instanceId, HistoryEvent sent, CancellationToken cancellation) =>
        events.SendAsync(instanceId, sent, null, cancellation);

    private OrchestrationMetadata Metadata(StoredInstance instance, bool withData) => new(instance.Name, instance.InstanceId)
    {
        DataConverter = withData ? converter : null,
        RuntimeStatus = instance.Status,
        CreatedAt = new DateTimeOffset(instance.CreatedAt),
        LastUpdatedAt = new DateTimeOffset(instance.LastUpdatedAt),
        SerializedInput = instance.Input,
        SerializedOutput = instance.Output,
        SerializedCustomStatus = instance.CustomStatus,
        Tags = instance.Tags,
        FailureDetails = instance.Failure,
    };
}
