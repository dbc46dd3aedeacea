namespace BackupFunctions.Contracts.Manifests;

/// <summary><c>statements/&lt;backup id&gt;/...json</c>: a signed later fact about a backup; never rewritten, the newest of a kind counts.</summary>
public sealed record Statement
{
    public const string CurrentFormat = "pgdr-statement/1";

    public required string Format { get; init; }
    public required string BackupId { get; init; }
    public required string Cluster { get; init; }
    public required StatementKind Kind { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>SHA-256 (hex) of the manifest's bytes, so that a statement cannot be moved to another backup.</summary>
    public required string ManifestSha256 { get; init; }

    /// <summary>Names of the targets it speaks about; empty when it is about the backup as such.</summary>
    public IReadOnlyList<string> Copies { get; init; } = [];

    /// <summary>One sentence for people; null when there is nothing to add.</summary>
    public string? Detail { get; init; }

    /// <summary>Rewrapped: the data key for its new recipients; empty otherwise.</summary>
    public IReadOnlyList<KeyEnvelope> Recipients { get; init; } = [];

    /// <summary>TombstoneCancelled: the backup is held until then; null otherwise.</summary>
    public DateTimeOffset? KeepUntil { get; init; }

    /// <summary>SHA-256 (hex) of the SubjectPublicKeyInfo of the key that signed this statement.</summary>
    public required string SignedBy { get; init; }
}
