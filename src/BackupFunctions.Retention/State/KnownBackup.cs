using BackupFunctions.Contracts.Backups;

namespace BackupFunctions.Retention.State;

/// <summary>One backup as its manifest and its statements describe it.</summary>
public sealed record KnownBackup
{
    public required string Id { get; init; }
    public BackupForm Form { get; init; }

    /// <summary>Empty for a base, which has all of them, and for a configuration.</summary>
    public required string Database { get; init; }

    /// <summary>Null: the whole database.</summary>
    public string? Tenant { get; init; }

    /// <summary>The server whose configuration it is; null for every other kind.</summary>
    public string? ConfigurationOf { get; init; }

    /// <summary>The point in time it recovers to; for a base when it became consistent.</summary>
    public required DateTimeOffset SnapshotAt { get; init; }

    /// <summary>Completed, Verified, Proven; Failed: quarantined as a whole.</summary>
    public required BackupStatus Status { get; init; }

    /// <summary>Backups it cannot be restored without.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];
    public required IReadOnlyList<KnownCopy> Copies { get; init; }

    /// <summary>A base's own log; null for a dump.</summary>
    public WalSpan? Wal { get; init; }

    /// <summary>Taken to be kept for months, see <see cref="Policies.RetentionPolicy.ArchiveMonths"/>.</summary>
    public bool IsArchive { get; init; }

    /// <summary>A person cancelled its tombstone and asked for it to be kept so long.</summary>
    public DateTimeOffset? KeepUntil { get; init; }

    /// <summary>Backups that stand in for each other: of one database, one tenant, one server. Part of sentences.</summary>
    public string Group =>
        Wal is { } wal ? $"server {wal.SystemId}"
        : ConfigurationOf is { } server ? $"configuration of server {server}"
        : Tenant is { } tenant ? $"database '{Database}', tenant '{tenant}'" : $"database '{Database}'";
}
