namespace BackupFunctions.EmbeddedHost;

/// <summary>What the trigger said besides its value, such as route parameters.</summary>
public abstract class BindingContext
{
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
