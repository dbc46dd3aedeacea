using System.Text.Json.Nodes;

namespace BackupFunctions.Contracts.Jobs;

/// <summary>What a job leaves behind.</summary>
public sealed record JobResult
{
    public required string RunId { get; init; }
    public required JobState State { get; init; }

    /// <summary>See <see cref="Contracts.ErrorCodes"/>; null on success.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>One sentence with cause and remedy; null on success.</summary>
    public string? Error { get; init; }

    /// <summary>What the reader should know although the job succeeded: a copy that is missing, a tool below the security floor.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>The kind's own result, for example <see cref="FullBackupResult"/>.</summary>
    public JsonNode? Output { get; init; }

    /// <summary>Seconds per phase.</summary>
    public IReadOnlyDictionary<string, double> PhaseSeconds { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);
}
