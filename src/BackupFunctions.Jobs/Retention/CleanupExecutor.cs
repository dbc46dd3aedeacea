using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Retention;

namespace BackupFunctions.Jobs.Retention;

/// <summary>Carries a plan out: first what saves copies, then tombstones, then deletions, children before their parents.</summary>
internal sealed class CleanupExecutor
{
    private const int Parallelism = 8;

    private readonly RetentionReading _reading;
    private readonly RetentionStatements _statements;
    private readonly BackupDeletion _deletion;
    private readonly IJobReporter _reporter;
    private readonly CleanupCounts _counts;

    public CleanupExecutor(RetentionReading reading, RetentionStatements statements, BackupDeletion deletion, IJobReporter reporter, CleanupCounts counts) =>
        (_reading, _statements, _deletion, _reporter, _counts) = (reading, statements, deletion, reporter, counts);

    public async Task RunAsync(RetentionPlan plan, CancellationToken cancellationToken)
    {
        _reporter.Phase("tombstone");
        await StateAsync(
            plan.Copies.Where(decision => decision.CancelsTombstone), StatementKind.TombstoneCancelled, _counts.AddCancelled, cancellationToken);
        await StateAsync(
            plan.Copies.Where(decision => decision.Action == RetentionAction.Tombstone), StatementKind.Tombstoned, _counts.AddTombstoned, cancellationToken);
        _reporter.Phase("delete");
        await DeleteAsync(plan, cancellationToken);
    }

    private async Task StateAsync(IEnumerable<CopyDecision> decisions, StatementKind kind, Action<int> count, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(decisions.GroupBy(decision => decision.BackupId, StringComparer.Ordinal), options, async (backup, token) =>
        {
            var reason = string.Join("; ", backup.SelectMany(decision => decision.Reasons).Distinct(StringComparer.Ordinal));
            await _statements.PutAsync(kind, backup.Key, _reading.Manifests[backup.Key], [.. backup.Select(decision => decision.Target)], reason, token);
            count(backup.Count());
        });
    }

    private async Task DeleteAsync(RetentionPlan plan, CancellationToken cancellationToken)
    {
        var parents = _reading.State.Backups.Where(backup => backup.Parents.Count > 0).ToDictionary(backup => backup.Id, backup => backup.Parents, StringComparer.Ordinal);
        var needed = new HashSet<string>(StringComparer.Ordinal);

        // Grouping keeps the plan's order.
        var due = plan.Copies.Where(decision => decision.Action == RetentionAction.Delete).GroupBy(decision => decision.BackupId, StringComparer.Ordinal).ToList();
        foreach (var (index, backup) in due.Index())
        {
            _reporter.Detail($"backup {index + 1} of {due.Count}");
            var outcome = needed.Contains(backup.Key)
                ? new DeletionOutcome(0, 0, [$"Backup {backup.Key} stays for now: one that needs it could not be deleted."])
                : await _deletion.RunAsync(backup.Key, _reading.Manifests[backup.Key], [.. backup.Select(decision => decision.Target)], cancellationToken);
            _counts.Deleted += outcome.Copies;
            _counts.Bytes += outcome.Bytes;
            _reporter.AddBytes(outcome.Bytes);
            foreach (var problem in outcome.Problems)
            {
                _counts.Problems.Enqueue(problem);
            }

            _counts.Locked += outcome.Locked.Count;
            _reporter.WarnAll(outcome.Locked);
            if (outcome.Problems.Count + outcome.Locked.Count > 0)
            {
                needed.UnionWith(parents.GetValueOrDefault(backup.Key, []));
            }
        }
    }
}
