using BackupFunctions.Archive.Keys;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Repair;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Storage;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Verify;

/// <summary>Checks all copies of one backup, states what was found, and makes bad ones whole where that is asked for.</summary>
internal sealed class BackupVerification
{
    private readonly JobEnvironment _environment;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly StorageCatalog _catalog;
    private readonly CopyInspector _inspector;
    private readonly IntegrityStatements _statements;
    private readonly StatementRepair _statementRepair;

    public BackupVerification(
        JobEnvironment environment, IReadOnlyList<IStorageTarget> targets, StorageCatalog catalog, VerificationKeyRing keys, CopyInspector inspector, IntegrityStatements statements)
    {
        (_environment, _targets, _catalog, _inspector, _statements) = (environment, targets, catalog, inspector, statements);
        _statementRepair = new StatementRepair(environment.Settings.ClusterName, keys);
    }

    /// <param name="backupId">The backup.</param>
    /// <param name="parameters">A backup that is named has its good copies stated whenever they were stated last.</param>
    /// <param name="cancellationToken">Ends it; what was repaired stays.</param>
    public async Task<BackupOutcome> RunAsync(string backupId, VerifyCopiesParameters parameters, CancellationToken cancellationToken)
    {
        var named = parameters.Backups is { Count: > 0 };
        var (entry, away) = await _catalog.LookAsync(backupId, cancellationToken);
        if (entry.Stored is null || entry.Failure is not null)
        {
            return Without(entry);
        }

        var states = await _inspector.RunAsync(entry.Stored, [.. Expected(entry, entry.Stored).Select(copy => Target(copy.Target))], away, cancellationToken);
        if (states.Any(state => state.IsBad))
        {
            // The backup may have been taken away while it was read: that is stated before the first object goes.
            (entry, away) = await _catalog.LookAsync(backupId, cancellationToken);
            if (entry.Stored is null || entry.Failure is not null)
            {
                return Without(entry);
            }
        }

        var facts = Expected(entry, entry.Stored).ToDictionary(copy => copy.Target, StringComparer.Ordinal);
        var found = new CheckedBackup(
            entry.Stored, entry.Statements, facts, [.. states.Where(state => facts.ContainsKey(state.Target.Name))],
            [.. _targets.Where(target => !away.ContainsKey(target.Name))]);
        var locks = new CopyLocks(_environment, found.Reachable, mayBeLocked: true);
        if (parameters.Repair)
        {
            // Before it is stated that they are good: a repair may have been killed before it set the locks.
            await LockAsync(locks, found, found.Good.Where(name => found.Facts[name] is not { Verified: true, Quarantined: false }), cancellationToken);
        }

        List<string> problems = [.. entry.Doubts, .. await StateAsync(found, named, cancellationToken)];
        List<CopyFinding> findings = [.. found.States.Where(state => state.Condition != CopyCondition.Good).Select(state => Describe(found.Stored, state))];
        if (parameters.Repair)
        {
            if (found.States.Any(state => state.IsBad))
            {
                findings = await RepairAsync(found, findings, parameters.Ended, locks, problems, cancellationToken);
            }

            problems.AddRange(await _statementRepair.RunAsync(backupId, found.Reachable, thorough: named, cancellationToken));
            await locks.LockStatementsAsync(found.Stored.Manifest, cancellationToken);
        }

        return new BackupOutcome(found.Good.Count, findings, problems);
    }

    /// <summary>No manifest to compare with: what that means, and nothing else.</summary>
    public static BackupOutcome Without(CatalogEntry entry) =>
        entry.Failure is { } failure ? new BackupOutcome(0, [], [$"Backup {entry.BackupId}: {failure.Message}"])
        : entry.HasStatements ? new BackupOutcome(0, [], [$"Backup {entry.BackupId} has statements and no manifest on any target: somebody removed it; nothing was touched."])
        : new BackupOutcome(0, [], []) { IsUnknown = true };

    private IReadOnlyList<CopyFacts> Expected(CatalogEntry entry, StoredManifest stored) => ExpectedCopies.Of(
        stored, _targets.Select(target => target.Name), entry.Statements, _environment.Settings.Retention.Policy, _environment.Time.GetUtcNow());

    /// <returns>Why something could not be stated, a sentence each.</returns>
    private async Task<IReadOnlyList<string>> StateAsync(CheckedBackup found, bool named, CancellationToken cancellationToken)
    {
        var now = _environment.Time.GetUtcNow();
        bool IsFresh(CopyFacts copy) => copy.CheckedAt is { } at && now - at < SampleSelection.Fresh;
        List<CopyState> bad = [.. found.States.Where(state => state.IsBad && IsCopy(found, state) && found.Facts[state.Target.Name] is var copy && !(copy.Quarantined && IsFresh(copy)))];
        var isNews = named || found.Good.Any(name => !found.Facts[name].Verified || !IsFresh(found.Facts[name]));
        var problems = new[]
        {
            await PutAsync(found, StatementKind.Quarantined, [.. bad.Select(state => state.Target.Name)], string.Join(" ", bad.Select(state => state.Detail)), cancellationToken),
            await PutAsync(found, StatementKind.Verified, isNews ? found.Good : [], "read back, SHA-256 equal", cancellationToken),
        };
        return [.. problems.OfType<string>()];
    }

    /// <summary>A target that never held one has nothing to be quarantined.</summary>
    private static bool IsCopy(CheckedBackup found, CopyState state) =>
        state.Condition == CopyCondition.Damaged
        || found.Facts[state.Target.Name].CheckedAt is not null
        || found.Stored.Targets.Contains(state.Target.Name, StringComparer.Ordinal);

    private async Task<List<CopyFinding>> RepairAsync(
        CheckedBackup found, IReadOnlyList<CopyFinding> findings, bool ended, CopyLocks locks, List<string> problems, CancellationToken cancellationToken)
    {
        var id = found.Stored.Manifest.BackupId;
        var settled = ended || ExpectedCopies.IsSettled(found.Stored, found.Known, _environment.Time.GetUtcNow());
        var repair = new CopyRepair(_inspector, _environment.Reporter);
        await using var lease = ReadLease.Take(
            found.Reachable, found.Stored.Manifest.Cluster, id, $"repair-{Guid.NewGuid():N}", _environment.Time, _environment.Loggers.CreateLogger<ReadLease>());
        var outcome = new List<CopyFinding>();
        foreach (var finding in findings)
        {
            if (finding.Condition == CopyCondition.Unreachable)
            {
                outcome.Add(finding);
                continue;
            }

            _environment.Reporter.Detail($"repairing the copy of {id} on {finding.Target}");
            var whyNot = found.Facts[finding.Target].TombstonedAt is not null ? "It is tombstoned: retention lets this copy go."
                : !settled ? "Its backup may still be at work: it is repaired an hour after its end."
                : await repair.RunAsync(found.Stored, found.States.First(state => state.Target.Name == finding.Target), found.States, cancellationToken);
            outcome.Add(finding with { Repaired = whyNot is null, NotRepaired = whyNot });
        }

        List<string> repaired = [.. outcome.Where(finding => finding.Repaired).Select(finding => finding.Target)];
        await LockAsync(locks, found, repaired, cancellationToken);
        if (await PutAsync(found, StatementKind.Verified, repaired, "repaired from another copy and read back, SHA-256 equal", cancellationToken) is { } problem)
        {
            problems.Add(problem);
        }

        return outcome;
    }

    private Task LockAsync(CopyLocks locks, CheckedBackup found, IEnumerable<string> made, CancellationToken cancellationToken) =>
        locks.LockLaterAsync(found.Stored.Manifest, [.. made], found.Good.Select(Target), cancellationToken);

    private Task<string?> PutAsync(CheckedBackup found, StatementKind kind, IReadOnlyList<string> copies, string detail, CancellationToken cancellationToken) =>
        _statements.TryPutAsync(kind, found.Stored, found.Known, copies, detail, found.Reachable, cancellationToken);

    private static CopyFinding Describe(StoredManifest stored, CopyState state) =>
        new(stored.Manifest.BackupId, stored.Manifest.Subject, state.Target.Name, state.Condition, state.Detail);

    private IStorageTarget Target(string name) => _targets.First(target => string.Equals(target.Name, name, StringComparison.Ordinal));
}
