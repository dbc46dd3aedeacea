using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention;

/// <summary>
/// Deletes copies of one backup whose grace is over: states that it begins, deletes the data, states that it is done. Killed at any
/// point it is taken up again by the next run, because a copy whose deletion has begun never counts as one again.
/// </summary>
internal sealed class BackupDeletion
{
    private readonly string _cluster;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly StorageCatalog _catalog;
    private readonly RetentionStatements _statements;
    private readonly TimeProvider _time;

    public BackupDeletion(
        string cluster, IReadOnlyList<IStorageTarget> targets, StorageCatalog catalog, RetentionStatements statements, TimeProvider time) =>
        (_cluster, _targets, _catalog, _statements, _time) = (cluster, targets, catalog, statements, time);

    /// <returns>What was deleted, and why the rest was not.</returns>
    /// <exception cref="StorageException">A target is away: the run ends, since nothing is known any more.</exception>
    public async Task<DeletionOutcome> RunAsync(string backupId, string manifestSha256, IReadOnlyList<string> copies, CancellationToken cancellationToken)
    {
        var begun = await LookAgainAsync(backupId, manifestSha256, copies, cancellationToken);
        if (begun.WhyNot is { } changed)
        {
            return new DeletionOutcome(0, 0, [changed]);
        }

        var problems = new List<string>();
        var locked = new List<string>();
        var due = await ListAsync(backupId, copies, problems, cancellationToken);
        List<string> begins = [.. begun.NotBegun.Where(copy => due.Any(each => each.Copy.Target == copy))];
        if (begins.Count > 0)
        {
            await _statements.PutAsync(
                StatementKind.DeletionStarted, backupId, manifestSha256, begins, "the grace of the tombstone is over", cancellationToken);
        }

        var done = new List<string>();
        long bytes = 0;
        foreach (var (copy, versions) in due)
        {
            try
            {
                bytes += await copy.DeleteAsync(versions, cancellationToken);
                done.Add(copy.Target);
            }
            catch (StorageException e) when (e.Code is ErrorCodes.TargetRefused)
            {
                problems.Add(e.Message);
            }
            catch (StorageException e) when (e.Code is ErrorCodes.ObjectLocked)
            {
                locked.Add(e.Message);
            }
        }

        if (done.Count > 0)
        {
            await _statements.PutAsync(StatementKind.Deleted, backupId, manifestSha256, done, "deleted by retention", cancellationToken);
        }

        return new DeletionOutcome(done.Count, bytes, problems) { Locked = locked };
    }

    /// <summary>Before anything is stated: where versions cannot be listed, a deletion would only hide the data.</summary>
    private async Task<IReadOnlyList<(CopyData Copy, IReadOnlyList<StoredVersion> Versions)>> ListAsync(
        string backupId, IReadOnlyList<string> copies, List<string> problems, CancellationToken cancellationToken)
    {
        var listed = new List<(CopyData Copy, IReadOnlyList<StoredVersion> Versions)>();
        foreach (var name in copies)
        {
            var copy = new CopyData(Target(name), _cluster, backupId);
            try
            {
                listed.Add((copy, await copy.DataAsync(cancellationToken)));
            }
            catch (StorageException e) when (e.Code is ErrorCodes.TargetRefused)
            {
                problems.Add(e.Message);
            }
        }

        return listed;
    }

    /// <summary>Between the plan and now somebody may have cancelled the tombstone or begun to read.</summary>
    private async Task<(string? WhyNot, IReadOnlyList<string> NotBegun)> LookAgainAsync(
        string backupId, string manifestSha256, IReadOnlyList<string> copies, CancellationToken cancellationToken)
    {
        var entry = await _catalog.ReadAsync(backupId, cancellationToken);
        if (entry.Stored is not { } stored || !string.Equals(stored.Document.Sha256, manifestSha256, StringComparison.Ordinal) || entry.Doubts.Count > 0)
        {
            return ($"Backup {backupId} is no longer what it was when it was read: {entry.Failure?.Message ?? (entry.Doubts.Count > 0 ? entry.Doubts[0] : "its manifest changed.")}", []);
        }

        var facts = BackupFacts.Of(manifestSha256, copies, entry.Statements);
        if (facts.Copies.FirstOrDefault(copy => !copy.IsGone && copy.TombstonedAt is null) is { } cancelled)
        {
            return ($"The tombstone of backup {backupId} on '{cancelled.Target}' was cancelled just now: it stays.", []);
        }

        foreach (var target in _targets)
        {
            await foreach (var (lease, _) in LeaseReader.ReadAsync(target, _cluster, backupId, cancellationToken))
            {
                if (lease.Until > _time.GetUtcNow())
                {
                    return ($"Backup {backupId} is in use by {lease.Holder} since just now: it goes with a later run.", []);
                }
            }
        }

        return (null, [.. facts.Copies.Where(copy => !copy.IsGone).Select(copy => copy.Target)]);
    }

    private IStorageTarget Target(string name) => _targets.First(target => string.Equals(target.Name, name, StringComparison.Ordinal));
}
