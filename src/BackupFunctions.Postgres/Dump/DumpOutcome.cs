using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Dump;

/// <summary>Everything known of a finished dump; all of it from the dump's own snapshot.</summary>
public sealed record DumpOutcome
{
    /// <summary>The server's clock when the snapshot was taken.</summary>
    public required DateTimeOffset SnapshotAt { get; init; }
    public required ServerIdentity ServerIdentity { get; init; }
    public required DatabaseProperties DatabaseProperties { get; init; }

    /// <summary>All roles but the predefined ones.</summary>
    public required IReadOnlyList<RoleDefinition> Roles { get; init; }
    public required IReadOnlyList<TableDigest> Tables { get; init; }
    public required LargeObjectDigest LargeObjects { get; init; }
    public required IReadOnlyList<SequenceValue> Sequences { get; init; }
    public required RestoreNeeds Needs { get; init; }

    /// <summary>Version of each tool by its name.</summary>
    public required IReadOnlyDictionary<string, string> ToolVersions { get; init; }

    /// <summary>One sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Of all files together, as the sinks got them.</summary>
    public required long TotalBytes { get; init; }
}
