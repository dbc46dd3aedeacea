namespace BackupFunctions.Contracts.Manifests;

/// <summary>What belongs to a database but not into its dump: it does not follow a restore or a rename by itself.</summary>
public sealed record DatabaseProperties
{
    public required string Name { get; init; }
    public required string Owner { get; init; }
    public required string Encoding { get; init; }

    /// <summary>libc, icu or builtin.</summary>
    public required string LocaleProvider { get; init; }
    public required string Collate { get; init; }
    public required string Ctype { get; init; }

    /// <summary>ICU or builtin locale; null for libc.</summary>
    public string? Locale { get; init; }
    public string? IcuRules { get; init; }
    public required string Tablespace { get; init; }

    /// <summary>-1: no limit.</summary>
    public required int ConnectionLimit { get; init; }
    public required bool AllowConnections { get; init; }
    public required bool IsTemplate { get; init; }
    public string? Comment { get; init; }

    /// <summary>aclitem texts; null when the default privileges apply (which is not the same as an empty list).</summary>
    public IReadOnlyList<string>? Acl { get; init; }
    public IReadOnlyList<DatabaseSetting> Settings { get; init; } = [];
}
