using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Restore;

/// <summary>From which targets a backup may be read: those whose copy is not quarantined.</summary>
internal static class ReadableCopies
{
    /// <returns>In reading order.</returns>
    /// <exception cref="PgdrException">copies.missing: every copy is quarantined.</exception>
    public static async Task<IReadOnlyList<IStorageTarget>> OfAsync(BackupReader reader, StoredManifest stored, CancellationToken cancellationToken)
    {
        var id = stored.Manifest.BackupId;
        var facts = BackupFacts.Of(stored.Document.Sha256, reader.Targets.Select(target => target.Name), await reader.Catalog.StatementsAsync(id, cancellationToken));
        var quarantined = facts.Copies.Where(copy => copy.Quarantined).Select(copy => copy.Target).ToHashSet(StringComparer.Ordinal);
        return stored.Targets.All(quarantined.Contains)
            ? throw new PgdrException(
                ErrorCodes.CopiesMissing,
                $"Every copy of backup {id} is quarantined ({string.Join(", ", quarantined.Order(StringComparer.Ordinal))}): "
                + $"'pgdr backup verify {id} --repair' makes it whole if good objects are left, or name another backup.")
            : [.. reader.Targets.Where(target => !quarantined.Contains(target.Name))];
    }
}
