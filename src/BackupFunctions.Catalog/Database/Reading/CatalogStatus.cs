namespace BackupFunctions.Catalog.Database.Reading;

/// <summary>How the catalog is doing.</summary>
public sealed record CatalogStatus
{
    /// <summary>In words, without secrets.</summary>
    public required string Place { get; init; }

    /// <summary>Null: nothing was made there yet.</summary>
    public int? SchemaVersion { get; init; }
    public required int ExpectedSchemaVersion { get; init; }

    /// <summary>When storage was last read; null: never.</summary>
    public DateTimeOffset? SyncedAt { get; init; }
    public double? SyncSeconds { get; init; }

    /// <summary>Seconds since then.</summary>
    public double? LagSeconds { get; init; }
    public long Backups { get; init; }

    /// <summary>Of them: on no target any more, although nobody deleted them.</summary>
    public long Lost { get; init; }
    public long Copies { get; init; }

    /// <summary>Of them: on targets that were away.</summary>
    public long UnknownCopies { get; init; }
    public long Statements { get; init; }
    public long WalObjects { get; init; }
    public long Jobs { get; init; }
    public long Restores { get; init; }
    public long OpenAlerts { get; init; }

    /// <summary>A sentence for each target that was away.</summary>
    public IReadOnlyList<string> Unreachable { get; init; } = [];
}
