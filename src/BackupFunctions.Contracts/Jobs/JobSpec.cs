using System.Text.Json.Nodes;

namespace BackupFunctions.Contracts.Jobs;

/// <summary>What a job is to do: references only, never the value of a secret.</summary>
public sealed record JobSpec
{
    /// <summary>Starting the same run id twice is one run.</summary>
    public required string RunId { get; init; }

    /// <summary>See <see cref="JobKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The workflow instance that waits for this job; null when nobody does.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The kind's own parameters, for example <see cref="FullBackupParameters"/>.</summary>
    public required JsonNode Parameters { get; init; }
}
