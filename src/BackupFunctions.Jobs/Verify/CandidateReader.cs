using BackupFunctions.Catalog;
using BackupFunctions.Retention.Policies;

namespace BackupFunctions.Jobs.Verify;

/// <summary>Reads which backups a check can look at, and what storage says of their copies already.</summary>
internal sealed class CandidateReader(StorageCatalog catalog, IReadOnlyList<string> targets, RetentionPolicy policy)
{
    /// <param name="now">UTC.</param>
    /// <param name="problems">Takes a sentence for each target that is away and each backup that cannot be looked at.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<Candidate>> ReadAsync(DateTimeOffset now, List<string> problems, CancellationToken cancellationToken)
    {
        var scan = await catalog.ScanAsync(cancellationToken);
        problems.AddRange(scan.Away.Values.Select(e => e.Message));
        var candidates = new List<Candidate>(scan.Count);
        await foreach (var entry in scan.ReadAsync(cancellationToken))
        {
            if (entry.Stored is not { } stored || entry.Failure is not null)
            {
                // They take no place in the sample: nothing could be stated of them, and they would be first in it for ever.
                problems.AddRange(BackupVerification.Without(entry).Problems);
            }
            else if (ExpectedCopies.Of(stored, targets, entry.Statements, policy, now) is { Count: > 0 } copies
                && ExpectedCopies.IsSettled(stored, entry.Statements, now))
            {
                var incomplete = copies.Any(copy => copy.TombstonedAt is null && !scan.Away.ContainsKey(copy.Target)
                    && (copy.Quarantined || !stored.Targets.Contains(copy.Target, StringComparer.Ordinal)));
                candidates.Add(new Candidate(entry.BackupId, copies.Max(copy => copy.CheckedAt), incomplete));
            }
        }

        return candidates;
    }
}
