namespace BackupFunctions.EmbeddedHost.DurableTask;

/// <summary>How an orchestration starts over under the same id with an empty history.</summary>
public class ContinueAsNewOptions
{
    public object? NewInput { get; set; }

    /// <summary>Events received and not yet waited for go to the new execution.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;

    /// <summary>Version of the new execution; unchanged when null.</summary>
    public string? NewVersion { get; set; }
}
