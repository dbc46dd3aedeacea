using BackupFunctions.Archive.Keys;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
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
    /// <param name="named">Somebody asked for this very backup: good copies are stated whenever they were stated last.</param>
    /// <param name="repair">Make missing and damaged copies whole.</param>
    /// <param name="cancellationToken">Ends it; what was repaired stays.</param>
    public async Task<BackupOutcome> RunAsync(string backupId, bool named, bool repair, CancellationToken cancellationToken)
    {
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

        var stored = entry.Stored;
        var copies = Expected(entry, stored).ToDictionary(copy => copy.Target, StringComparer.Ordinal);
        states = [.. states.Where(state => copies.ContainsKey(state.Target.Name))];
        List<IStorageTarget> reachable = [.. _targets.Where(target => !away.ContainsKey(target.Name))];
        List<string> problems = [.. entry.Doubts, .. await StateAsync(entry, stored, copies, states, reachable, named, cancellationToken)];
        List<CopyFinding> findings = [.. states.Where(state => state.Condition != CopyCondition.Good).Select(state => Describe(stored, state))];
        if (repair)
        {
            findings = await RepairAsync(entry, stored, copies, states, findings, reachable, problems, cancellationToken);
            problems.AddRange(await _statementRepair.RunAsync(backupId, reachable, thorough: named, cancellationToken));
        }

        return new BackupOutcome(states.Count(state => state.Condition == CopyCondition.Good), findings, problems);
    }

    private static BackupOutcome Without(CatalogEntry entry) =>
        entry.Failure is { } failure ? new BackupOutcome(0, [], [$"Backup {entry.BackupId}: {failure.Message}"])
        : entry.HasStatements ? new BackupOutcome(0, [], [$"Backup {entry.BackupId} has statements and no manifest on any target: somebody removed it; nothing was touched."])
        : new BackupOutcome(0, [], []) { IsUnknown = true };

    private IReadOnlyList<CopyFacts> Expected(CatalogEntry entry, StoredManifest stored) => ExpectedCopies.Of(
        stored, _targets.Select(target => target.Name), entry.Statements, _environment.Settings.Retention.Policy, _environment.Time.GetUtcNow());

    private async Task<IReadOnlyList<string>> StateAsync(
        CatalogEntry entry, StoredManifest stored, Dictionary<string, CopyFacts> copies, IReadOnlyList<CopyState> states, IReadOnlyList<IStorageTarget> reachable,
        bool named, CancellationToken cancellationToken)
    {
        var now = _environment.Time.GetUtcNow();
        bool IsFresh(CopyFacts copy) => copy.CheckedAt is { } at && now - at < SampleSelection.Fresh;

        // What never was a copy needs no quarantine.
        List<CopyState> bad =
        [
            .. states.Where(state => state.IsBad && copies[state.Target.Name] is var copy && !(copy.Quarantined && IsFresh(copy))
                && (copy.CheckedAt is not null || stored.Targets.Contains(copy.Target, StringComparer.Ordinal) || state.Condition == CopyCondition.Damaged)),
        ];
        List<string> good = [.. states.Where(state => state.Condition == CopyCondition.Good).Select(state => state.Target.Name)];
        var isNews = named || good.Exists(name => !copies[name].Verified || !IsFresh(copies[name]));
        return
        [
            .. new[]
            {
                await _statements.TryPutAsync(
                    StatementKind.Quarantined, stored, entry.Statements, [.. bad.Select(state => state.Target.Name)],
                    string.Join(" ", bad.Select(state => state.Detail)), reachable, cancellationToken),
                await _statements.TryPutAsync(
                    StatementKind.Verified, stored, entry.Statements, isNews ? good : [], "read back, SHA-256 equal", reachable, cancellationToken),
            }.OfType<string>(),
        ];
    }

    private async Task<List<CopyFinding>> RepairAsync(
        CatalogEntry entry, StoredManifest stored, Dictionary<string, CopyFacts> copies, IReadOnlyList<CopyState> states, List<CopyFinding> findings,
        IReadOnlyList<IStorageTarget> reachable, List<string> problems, CancellationToken cancellationToken)
    {
        if (!states.Any(state => state.IsBad))
        {
            return findings;
        }

        var id = stored.Manifest.BackupId;
        var settled = ExpectedCopies.IsSettled(stored, entry.Statements, _environment.Time.GetUtcNow());
        var repair = new CopyRepair(_inspector, _environment.Reporter);
        await using var lease = ReadLease.Take(
            reachable, stored.Manifest.Cluster, id, $"repair-{Guid.NewGuid():N}", _environment.Time, _environment.Loggers.CreateLogger<ReadLease>());
        var outcome = new List<CopyFinding>();
        foreach (var finding in findings)
        {
            if (finding.Condition == CopyCondition.Unreachable)
            {
                outcome.Add(finding);
                continue;
            }

            _environment.Reporter.Detail($"repairing the copy of {id} on {finding.Target}");
            var whyNot = copies[finding.Target].TombstonedAt is not null ? "It is tombstoned: retention lets this copy go."
                : !settled ? "Its backup may still be at work: it is repaired an hour after its end."
                : await repair.RunAsync(stored, states.First(state => state.Target.Name == finding.Target), states, cancellationToken);
            outcome.Add(finding with { Repaired = whyNot is null, NotRepaired = whyNot });
        }

        List<string> repaired = [.. outcome.Where(finding => finding.Repaired).Select(finding => finding.Target)];
        if (await _statements.TryPutAsync(StatementKind.Verified, stored, entry.Statements, repaired, "repaired from another copy and read back, SHA-256 equal", reachable, cancellationToken) is { } problem)
        {
            problems.Add(problem);
        }

        return outcome;
    }

    private static CopyFinding Describe(StoredManifest stored, CopyState state) =>
        new(stored.Manifest.BackupId, stored.Manifest.Database, state.Target.Name, state.Condition, state.Detail);

    private IStorageTarget Target(string name) => _targets.First(target => string.Equals(target.Name, name, StringComparison.Ordinal));
}
