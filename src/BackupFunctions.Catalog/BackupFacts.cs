using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog;

/// <summary>What the statements about a backup amount to.</summary>
public sealed record BackupFacts
{
    private BackupFacts(IReadOnlyList<CopyFacts> copies) => Copies = copies;

    public BackupStatus Status { get; private init; } = BackupStatus.Completed;
    public DateTimeOffset? VerifiedAt { get; private init; }
    public DateTimeOffset? ProvenAt { get; private init; }
    public DateTimeOffset? KeepUntil { get; private init; }
    public IReadOnlyList<CopyFacts> Copies { get; private init; }

    /// <summary>When the tombstone of the last copy that is left was signed; null while a copy has none.</summary>
    public DateTimeOffset? TombstonedAt =>
        Copies.Where(copy => !copy.IsGone).ToList() is { Count: > 0 } left && left.TrueForAll(copy => copy.TombstonedAt is not null) ? left.Max(copy => copy.TombstonedAt) : null;

    /// <summary>When the last copy went; null while one is left.</summary>
    public DateTimeOffset? DeletedAt => Copies.Count > 0 && Copies.All(copy => copy.IsGone) ? Copies.Max(copy => copy.GoneAt) : null;

    /// <param name="manifestSha256">Statements about another manifest do not count.</param>
    /// <param name="targets">Those that hold a copy.</param>
    /// <param name="statements">Their signatures were checked; in any order.</param>
    public static BackupFacts Of(string manifestSha256, IEnumerable<string> targets, IEnumerable<Statement> statements)
    {
        var facts = new BackupFacts([.. targets.Select(target => new CopyFacts(target))]);
        foreach (var statement in statements
            .Where(statement => string.Equals(statement.ManifestSha256, manifestSha256, StringComparison.Ordinal)).OrderBy(statement => statement.At))
        {
            facts = facts.With(statement);
        }

        return facts;
    }

    /// <summary>Copies that are read back say nothing of rows that may never have been read: then it stays COMPLETED.</summary>
    public BackupStatus StatusOf(Manifest manifest) =>
        manifest.Tenant?.Unproven is not null && Status is (BackupStatus.Verified or BackupStatus.Proven) ? BackupStatus.Completed : Status;

    private BackupFacts With(Statement statement) => statement.Kind switch
    {
        StatementKind.Verified => (this with { VerifiedAt = statement.At, Status = AtLeast(BackupStatus.Verified) })
            .WithNamed(statement, copy => copy with { Verified = true, Quarantined = false, CheckedAt = statement.At }),
        StatementKind.Proven => this with { ProvenAt = statement.At, Status = AtLeast(BackupStatus.Proven) },
        StatementKind.Quarantined when statement.Copies.Count == 0 => this with { Status = BackupStatus.Failed },
        StatementKind.Quarantined => WithNamed(statement, copy => copy with { Verified = false, Quarantined = true, CheckedAt = statement.At }),

        // A second tombstone does not prolong the first one's grace.
        StatementKind.Tombstoned => WithNamedOrAll(statement, copy => copy with { TombstonedAt = copy.TombstonedAt ?? statement.At }),
        StatementKind.TombstoneCancelled => (this with { KeepUntil = statement.KeepUntil ?? KeepUntil })
            .WithNamedOrAll(statement, copy => copy with { TombstonedAt = null }),
        StatementKind.DeletionStarted => WithNamedOrAll(statement, copy => copy with { DeletionStartedAt = copy.DeletionStartedAt ?? statement.At }),
        StatementKind.Deleted => WithNamedOrAll(statement, copy => copy with { DeletedAt = copy.DeletedAt ?? statement.At }),
        _ => this,
    };

    /// <summary>A quarantine of the whole backup is never lifted by what was found before or after.</summary>
    private BackupStatus AtLeast(BackupStatus status) => Status == BackupStatus.Failed || Status > status ? Status : status;

    private BackupFacts WithNamed(Statement statement, Func<CopyFacts, CopyFacts> change) => this with
    {
        Copies = [.. Copies.Select(copy => statement.Copies.Contains(copy.Target, StringComparer.Ordinal) ? change(copy) : copy)],
    };

    private BackupFacts WithNamedOrAll(Statement statement, Func<CopyFacts, CopyFacts> change) =>
        statement.Copies.Count > 0 ? WithNamed(statement, change) : this with { Copies = [.. Copies.Select(change)] };
}
