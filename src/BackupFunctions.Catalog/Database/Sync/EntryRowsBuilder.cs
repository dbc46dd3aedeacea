using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>
/// What is to be said of one backup id, from what storage says now and what was known before. Of targets that are away, what was known
/// stays; of all others only what they say now counts.
/// </summary>
internal sealed class EntryRowsBuilder(StorageListing listing, DateTimeOffset now)
{
    public EntryRows Build(CatalogEntry entry, KnownEntry known)
    {
        var search = entry.ManifestSearch;
        var statements = Statements(entry, known);
        var backup = search.Found is [var found, ..] ? (Manifest: Bare(found.Value), found.Document.Sha256)
            : known.Backup is { } before ? (before.Manifest, before.Sha256)
            : ((Manifest Manifest, string Sha256)?)null;
        var copies = Copies(entry, known).ToList();
        BackupRow? row = null;
        if (backup is { } of)
        {
            var facts = BackupFacts.Of(
                of.Sha256, copies.Where(copy => copy.ManifestSha256 == of.Sha256).Select(copy => copy.Target), statements.Select(statement => statement.Statement));
            copies = [.. copies.Select(copy => With(copy, facts, of.Sha256, statements))];
            var presence = PresenceOf(copies, facts, known.Backup);
            row = new BackupRow(of.Manifest, of.Sha256, presence, presence == Presences.Lost ? known.Backup?.LostAt ?? now : null, facts);
        }

        var listed = listing.Backups.GetValueOrDefault(entry.BackupId);
        return new EntryRows(
            entry.BackupId,
            [.. listing.Targets.Select(target => target.Name)],
            [.. listing.Targets.Select((target, place) => listing.Away.ContainsKey(target.Name)
                ? known.Listed.GetValueOrDefault(target.Name)
                : listed?.Listed[place] ?? 0)],
            IsSettled(entry, listed),
            row,
            copies,
            statements);
    }

    /// <summary>Without what is large: keys and names of objects are read from storage when they are needed.</summary>
    private static Manifest Bare(Manifest manifest) => manifest with { Objects = [], Recipients = [] };

    private IEnumerable<CopyRow> Copies(CatalogEntry entry, KnownEntry known)
    {
        foreach (var target in listing.Targets.Select(target => target.Name))
        {
            var before = known.Copies.Find(copy => copy.Target == target);
            if (listing.Away.ContainsKey(target))
            {
                if (before is not null)
                {
                    yield return before;
                }
            }
            else if (entry.Folders.Contains(target, StringComparer.Ordinal))
            {
                yield return Present(entry.ManifestSearch, target);
            }
            else if (before is not null)
            {
                yield return before.State == CopyStates.Deleted
                    ? before with { ManifestSha256 = null }
                    : before with { State = CopyStates.Missing, Error = null };
            }
        }
    }

    private static CopyRow Present(DocumentSearch<Manifest> search, string target) =>
        search.Found.FirstOrDefault(found => found.Targets.Contains(target, StringComparer.Ordinal)) is { } found
            ? new CopyRow(target, CopyStates.Written, found.Document.Sha256, Error: null)
            : search.Failures.FirstOrDefault(failure => failure.Key == target).Value is { } failure
                ? new CopyRow(target, CopyStates.Unreadable, ManifestSha256: null, failure.Message)
                : new CopyRow(target, CopyStates.Unfinished, ManifestSha256: null, Error: null);

    private static CopyRow With(CopyRow copy, BackupFacts facts, string sha256, IReadOnlyList<StatementRow> statements) =>
        facts.Copies.FirstOrDefault(fact => fact.Target == copy.Target) is not { } fact
            ? copy
            : copy with
            {
                State = copy.State == CopyStates.Missing && !fact.IsGone ? CopyStates.Missing : CopyStates.Of(fact),

                // Its folder is gone, and with it the manifest.
                ManifestSha256 = copy.State == CopyStates.Missing && fact.IsGone ? null : copy.ManifestSha256,
                CheckedAt = fact.CheckedAt,
                VerifiedAt = statements.Select(row => row.Statement)
                    .Where(statement => statement.Kind == StatementKind.Verified && statement.ManifestSha256 == sha256 && statement.Copies.Contains(copy.Target, StringComparer.Ordinal))
                    .Max(statement => (DateTimeOffset?)statement.At),
                TombstonedAt = fact.TombstonedAt,
                DeletedAt = fact.GoneAt,
            };

    private static string PresenceOf(IReadOnlyList<CopyRow> copies, BackupFacts facts, KnownBackup? before) =>
        copies.Any(copy => copy.State is not (CopyStates.Missing or CopyStates.Deleted)) ? Presences.Present
        : facts.DeletedAt is not null || before?.Presence == Presences.Deleted || copies.Any(copy => copy.State == CopyStates.Deleted) ? Presences.Deleted
        : Presences.Lost;

    private List<StatementRow> Statements(CatalogEntry entry, KnownEntry known)
    {
        var rows = entry.StatementSearches
            .SelectMany(search => search.Search.Found.Select(found =>
                new StatementRow(search.Name, found.Document.Sha256, found.Value with { Recipients = [] }, found.Targets)))
            .ToList();
        foreach (var before in known.Statements)
        {
            string[] away = [.. before.Targets.Where(listing.Away.ContainsKey)];
            var index = rows.FindIndex(row => row.Name == before.Name && row.Sha256 == before.Sha256);
            if (index >= 0)
            {
                rows[index] = rows[index] with { Targets = [.. rows[index].Targets, .. away] };
            }
            else if (away.Length > 0)
            {
                rows.Add(before with { Targets = away });
            }
        }

        return [.. rows.OrderBy(row => row.Name, StringComparer.Ordinal)];
    }

    private bool IsSettled(CatalogEntry entry, ListedBackup? listed) =>
        entry.ManifestSearch is { Found.Count: <= 1, Failures.Count: 0 }
        && (listed is null || listing.HoldersOf(listed).All(holder =>
            entry.ManifestSearch.Found is [var found] && found.Targets.Contains(holder.Name, StringComparer.Ordinal)))
        && entry.StatementSearches.All(statement => statement.Search is { Found.Count: 1, Failure: null });
}
