namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>How the host is doing.</summary>
/// <param name="State">Where its state is.</param>
/// <param name="Hub">The task hub looked at.</param>
/// <param name="SchemaVersion">Of the database; null when no host has used it yet.</param>
/// <param name="ExpectedSchemaVersion">Of this program.</param>
internal sealed record HostReport(StatePlace State, string Hub, int? SchemaVersion, int ExpectedSchemaVersion)
{
    public bool IsHealthy => OpenInstances.All(instance => instance.Stuck is null);

    public IReadOnlyList<HostProcess> Hosts { get; init; } = [];

    public Backlog? Backlog { get; init; }

    /// <summary>How many instances there are of each status.</summary>
    public IReadOnlyDictionary<string, long> Instances { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Those that have not ended, the oldest first.</summary>
    public IReadOnlyList<InstanceDiagnosis> OpenInstances { get; init; } = [];

    /// <summary>Whether the app's code was at hand to say which external events are waited for.</summary>
    public bool AppCodeAtHand { get; init; }
}
