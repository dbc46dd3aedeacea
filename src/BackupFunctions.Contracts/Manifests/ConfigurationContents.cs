namespace BackupFunctions.Contracts.Manifests;

/// <summary><c>contents.tink</c> of a configuration backup. The files themselves are a tar in <c>data/000001.tink</c>.</summary>
public sealed record ConfigurationContents
{
    public required IReadOnlyList<ConfigurationItem> Items { get; init; }

    /// <summary>What could not be read, one sentence each.</summary>
    public required IReadOnlyList<string> Missing { get; init; }
}
