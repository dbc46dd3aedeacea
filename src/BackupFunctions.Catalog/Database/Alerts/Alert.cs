namespace BackupFunctions.Catalog.Database.Alerts;

/// <summary>One trouble, from the result that told it first to the one that saw it good.</summary>
internal sealed record Alert
{
    public required string Fingerprint { get; init; }
    public required DateTimeOffset FirstSeenAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; init; }
    public required int Count { get; init; }
    public required string Kind { get; init; }
    public required string Severity { get; init; }

    /// <summary>The newest one.</summary>
    public required string Message { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>The run that saw it good.</summary>
    public string? ResolvedBy { get; init; }
}
