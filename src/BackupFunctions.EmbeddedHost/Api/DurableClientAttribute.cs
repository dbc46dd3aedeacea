namespace BackupFunctions.EmbeddedHost;

/// <summary>Hands a DurableTaskClient to a function. This host has one task hub: other names are refused at start.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DurableClientAttribute : Attribute
{
    public string? TaskHub { get; set; }

    public string? ConnectionName { get; set; }
}
