using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog;

/// <summary>One backup as lists show it: its manifest, later statements and where its copies are.</summary>
public sealed record BackupRecord
{
    public required string BackupId { get; init; }

    /// <summary>Empty for a base backup and for a configuration.</summary>
    public required string Database { get; init; }

    /// <summary>The server of a base backup or of a configuration, by its name in the settings; null for a dump.</summary>
    public string? Server { get; init; }
    /// <summary>Whose rows it has; null: the whole database.</summary>
    public string? Tenant { get; init; }
    public required BackupKind Kind { get; init; }

    /// <summary>Kept for months, whatever the policy.</summary>
    public bool Archive { get; init; }
    public required BackupStatus Status { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The point in time it recovers to.</summary>
    public required DateTimeOffset SnapshotAt { get; init; }
    public required double DurationSeconds { get; init; }

    /// <summary>When every copy had been read back; null when that has not happened.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>When it was last really restored and compared; null when never.</summary>
    public DateTimeOffset? ProvenAt { get; init; }
    /// <summary>When the tombstone of the last copy was signed; null while a copy has none.</summary>
    public DateTimeOffset? TombstonedAt { get; init; }

    /// <summary>When the data of the last copy was deleted; null while a copy is there.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Held on request until then.</summary>
    public DateTimeOffset? KeepUntil { get; init; }
    public required long PlainSize { get; init; }
    public required long StoredSize { get; init; }
    public required string ServerVersion { get; init; }
    public required IReadOnlyList<CopyResult> Copies { get; init; }

    internal static BackupRecord Of(StoredManifest stored, IEnumerable<Statement> statements) =>
        Of(stored.Manifest, stored.Document.Sha256, stored.Targets, statements);

    /// <param name="manifest">Its signature was checked.</param>
    /// <param name="manifestSha256">Of its bytes.</param>
    /// <param name="targets">Those that hold it, in reading order.</param>
    /// <param name="statements">Their signatures were checked; by name.</param>
    internal static BackupRecord Of(Manifest manifest, string manifestSha256, IEnumerable<string> targets, IEnumerable<Statement> statements)
    {
        var facts = BackupFacts.Of(manifestSha256, targets, statements);
        return new BackupRecord
        {
            BackupId = manifest.BackupId,
            Database = manifest.Database,
            Server = manifest.Base?.Server ?? manifest.ConfigurationOf,
            Tenant = manifest.Tenant?.Id,
            Kind = manifest.Kind,
            Archive = manifest.Archive,
            Status = facts.StatusOf(manifest),
            StartedAt = manifest.StartedAt,
            SnapshotAt = manifest.SnapshotAt,
            DurationSeconds = Math.Round((manifest.FinishedAt - manifest.StartedAt).TotalSeconds, 1),
            VerifiedAt = facts.VerifiedAt,
            ProvenAt = facts.ProvenAt,
            TombstonedAt = facts.TombstonedAt,
            DeletedAt = facts.DeletedAt,
            KeepUntil = facts.KeepUntil,
            PlainSize = manifest.PlainSize,
            StoredSize = manifest.StoredSize,
            ServerVersion = manifest.Server.Version,
            Copies =
            [
                .. facts.Copies.Select(copy => new CopyResult(copy.Target, Written: !copy.IsGone, copy.Verified && !copy.IsGone, copy.Quarantined ? "quarantined" : null)
                {
                    TombstonedAt = copy.TombstonedAt,
                    DeletedAt = copy.GoneAt,
                }),
            ],
        };
    }
}
