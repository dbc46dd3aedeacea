namespace BackupFunctions.EmbeddedHost.Extensions.Abstractions;

/// <summary>Stands on a parameter that the host fills besides the trigger's.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class InputBindingAttribute : BindingAttribute
{
}
