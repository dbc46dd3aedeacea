namespace BackupFunctions.EmbeddedHost.DurableTask;

/// <summary>How a sub-orchestration is called, with the instance id it gets.</summary>
public record SubOrchestrationOptions : TaskOptions
{
    public SubOrchestrationOptions(TaskRetryOptions? retry = null, string? instanceId = null)
        : base(retry) => InstanceId = instanceId;

    public SubOrchestrationOptions(TaskOptions options, string? instanceId = null)
        : base(options)
    {
        var given = options as SubOrchestrationOptions;
        InstanceId = instanceId ?? given?.InstanceId;
        Version = given?.Version ?? options.Version;
    }

    public SubOrchestrationOptions(SubOrchestrationOptions options)
        : base(options)
    {
        InstanceId = options.InstanceId;
        Version = options.Version;
    }

    public string? InstanceId { get; init; }

    /// <summary>Overrides the host's default version.</summary>
    public new TaskVersion? Version { get; init; }
}
