using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Restore;

/// <summary>From which targets a backup is read: those whose copy is not quarantined, unless none is left.</summary>
internal static class ReadableCopies
{
    /// <summary>
    /// A person who names a backup of which every copy is quarantined gets it tried: no object is taken that does not match its hash, and
    /// copies that are damaged in different places still make a whole one.
    /// </summary>
    /// <returns>In reading order.</returns>
    public static async Task<IReadOnlyList<IStorageTarget>> OfAsync(
        BackupReader reader, StoredManifest stored, IJobReporter reporter, CancellationToken cancellationToken)
    {
        var id = stored.Manifest.BackupId;
        var facts = BackupFacts.Of(stored.Document.Sha256, reader.Targets.Select(target => target.Name), await reader.Catalog.StatementsAsync(id, cancellationToken));
        var quarantined = facts.Copies.Where(copy => copy.Quarantined).Select(copy => copy.Target).ToHashSet(StringComparer.Ordinal);
        if (stored.Targets.All(quarantined.Contains))
        {
            reporter.Warn(
                $"Every copy of backup {id} is quarantined ({string.Join(", ", quarantined.Order(StringComparer.Ordinal))}): "
                + "they are read all the same, object by object, and nothing is taken that does not match its hash.");
            return reader.Targets;
        }

        return [.. reader.Targets.Where(target => !quarantined.Contains(target.Name))];
    }
}
