namespace BackupFunctions.EmbeddedHost.Extensions.Abstractions;

/// <summary>Stands on the parameter whose value makes the function run; a function has exactly one.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : BindingAttribute
{
}
