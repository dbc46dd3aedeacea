using BackupFunctions.EmbeddedHost.Extensions.Abstractions;

namespace BackupFunctions.EmbeddedHost;

/// <summary>Makes the function an activity; stands on the parameter that takes its input.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActivityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The activity's name when it is not the function's.</summary>
    public string? Activity { get; set; }
}
