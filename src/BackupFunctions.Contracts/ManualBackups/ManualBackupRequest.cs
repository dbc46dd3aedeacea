namespace BackupFunctions.Contracts.ManualBackups;

/// <summary>A backup that somebody asked for. Exactly one of <see cref="Database"/> and <see cref="Server"/> is given.</summary>
public sealed record ManualBackupRequest
{
    public required ManualBackupKind Kind { get; init; }

    /// <summary>A database named in the settings: full, tenant, archive.</summary>
    public string? Database { get; init; }

    /// <summary>A server named in the settings: base, incremental, configuration, archive.</summary>
    public string? Server { get; init; }

    /// <summary>With kind tenant: their ids; null: all that the settings list.</summary>
    public IReadOnlyList<string>? Tenants { get; init; }

    /// <summary>When it begins; null: at once.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Name of the hook that is told of its end, never its address; null: nobody is.</summary>
    public string? Hook { get; init; }

    /// <summary>Who asked, such as the name of a key.</summary>
    public required string RequestedBy { get; init; }
}
