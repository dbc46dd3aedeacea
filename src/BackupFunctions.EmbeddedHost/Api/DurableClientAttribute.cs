using BackupFunctions.EmbeddedHost.Extensions.Abstractions;

namespace BackupFunctions.EmbeddedHost;

/// <summary>Hands a DurableTaskClient to a function. This host has one task hub: other names are refused at start.</summary>
public sealed class DurableClientAttribute : InputBindingAttribute
{
    public string? TaskHub { get; set; }

    public string? ConnectionName { get; set; }
}
