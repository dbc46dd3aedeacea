namespace BackupFunctions.EmbeddedHost.Extensions.Abstractions;

/// <summary>Binds something of the outside to a function.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class BindingAttribute : Attribute
{
}
