namespace BackupFunctions.Catalog.Database.Reading;

/// <summary>Makes the listing that storage gave when these targets were away: the same rules as <see cref="EntryReader"/> on rows in place of objects.</summary>
/// <param name="targets">In reading order, with the cause where one is away.</param>
internal sealed class ListedTargets(IReadOnlyList<KeyValuePair<string, string?>> targets)
{
    private readonly string[] _reachable = [.. targets.Where(target => target.Value is null).Select(target => target.Key)];
    private readonly string? _firstCause = targets.FirstOrDefault(target => target.Value is not null).Value;

    public BackupListing Listing(IEnumerable<ListedEntry> entries, bool withDeleted)
    {
        var records = new List<BackupRecord>();
        var unreadable = targets.Select(target => target.Value).OfType<string>().ToList();
        foreach (var entry in entries)
        {
            var (record, failure) = Read(entry);
            if (failure is not null)
            {
                unreadable.Add($"Backup {entry.BackupId}: {failure}");
            }
            else if (record is not null && (withDeleted || record.DeletedAt is null))
            {
                records.Add(record);
            }
        }

        return new BackupListing(
            [.. records.OrderByDescending(record => record.BackupId, StringComparer.Ordinal)],
            [.. unreadable.Order(StringComparer.Ordinal)])
        {
            UnreadableTargets = [.. targets.Where(target => target.Value is not null).Select(target => target.Key).Order(StringComparer.Ordinal)],
        };
    }

    private (BackupRecord? Record, string? Failure) Read(ListedEntry entry)
    {
        var copies = _reachable.SelectMany(target => entry.Copies.Where(copy => copy.Target == target)).ToList();
        var good = copies.Where(copy => copy.ManifestSha256 is not null).ToList();
        if (good.Find(copy => copy.ManifestSha256 != good[0].ManifestSha256) is { Target: not null } other)
        {
            return (null, EntryReader.Different(entry.BackupId, good[0].Target, other.Target).Message);
        }

        if (good.Count == 0 || entry.Manifest is null || entry.Sha256 is null)
        {
            return (null, copies.Count == 0 ? null : _firstCause ?? copies.Select(copy => copy.Error).FirstOrDefault(error => error is not null));
        }

        var statements = entry.Statements
            .Where(statement => statement.Targets.Any(target => _reachable.Contains(target, StringComparer.Ordinal)))
            .OrderBy(statement => statement.Name, StringComparer.Ordinal)
            .Select(statement => statement.Statement);
        return (BackupRecord.Of(entry.Manifest, entry.Sha256, good.Select(copy => copy.Target), statements), null);
    }
}
