using BackupFunctions.EmbeddedHost.Extensions.Abstractions;

namespace BackupFunctions.EmbeddedHost;

/// <summary>Makes the function an orchestrator; stands on its TaskOrchestrationContext parameter.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The orchestrator's name when it is not the function's.</summary>
    public string? Orchestration { get; set; }
}
