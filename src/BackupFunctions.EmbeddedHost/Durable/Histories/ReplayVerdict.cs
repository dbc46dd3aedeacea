namespace BackupFunctions.EmbeddedHost.Durable.Histories;

/// <summary>What the present code makes of a history.</summary>
/// <param name="Mismatch">Why the code does not fit, in one sentence; null when it does.</param>
internal sealed record ReplayVerdict(string? Mismatch)
{
    /// <summary>Action ids of what the code waits for.</summary>
    public IReadOnlyCollection<int> OpenActions { get; init; } = [];

    /// <summary>Names of the external events that the code waits for.</summary>
    public IReadOnlyList<string> AwaitedEvents { get; init; } = [];
}
