using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Tenants;
using BackupFunctions.Jobs.Wal.Upkeep;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Verify;

/// <summary>
/// The integrity check: reads every copy of a sample of backups (or of those named, or of all) from every target, states what it found,
/// and repairs where that is asked for; the same for archived write-ahead log, unless backups were named. It succeeds whatever it finds; the
/// result tells. Safe to run twice and beside everything else.
/// </summary>
public sealed class VerifyCopiesJob
{
    private readonly JobEnvironment _environment;

    public VerifyCopiesJob(JobEnvironment environment) => _environment = environment;

    /// <exception cref="PgdrException">backup.unknown: no target holds a backup that was named.</exception>
    public async Task<VerifyCopiesResult> RunAsync(VerifyCopiesParameters parameters, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        var checkedAt = _environment.Time.GetUtcNow();
        var targets = _environment.OpenTargets();
        var keys = KeyLoader.Verification(settings.Keys);
        var catalog = new StorageCatalog(settings.ClusterName, targets, keys);
        using var signingKey = SigningKey();
        var problems = new List<string>();
        if (parameters.TenantRun is { } run)
        {
            var unfinished = await UnfinishedTenants.ReadAsync(settings, run, targets, cancellationToken);
            problems.AddRange(unfinished.Problems);
            parameters = parameters with { Backups = unfinished.Backups };
        }

        var named = parameters.TenantRun is not null || parameters.Backups is { Count: > 0 };
        var chosen = named ? Named(parameters.Backups!) : await ChooseAsync(parameters, targets, catalog, problems, cancellationToken);

        _environment.Reporter.Phase("verify");
        var inspector = new CopyInspector(keys, _environment.Reporter);
        var statements = new IntegrityStatements(signingKey, _environment.Time, _environment.Loggers.CreateLogger<FanOutSession>());
        var verification = new BackupVerification(_environment, targets, catalog, keys, inspector, statements);
        var outcomes = new List<BackupOutcome>();
        foreach (var (index, id) in chosen.Index())
        {
            _environment.Reporter.Detail($"backup {index + 1} of {chosen.Count}");
            var outcome = await verification.RunAsync(id, parameters, cancellationToken);
            if (outcome.IsUnknown && named && parameters.TenantRun is null)
            {
                throw new PgdrException(ErrorCodes.BackupUnknown, $"No target holds a backup {id}: 'pgdr backup list' shows what there is.");
            }

            outcomes.Add(outcome);
        }

        var log = named ? null : await new LogCheck(_environment, targets, keys).RunAsync(parameters, cancellationToken);
        var result = Result(checkedAt, chosen.Count, outcomes, problems, inspector.BytesRead);
        result = result with { Log = log, Success = result.Success && log is not { Success: false } };
        _environment.Reporter.WarnAll(result.Limited().Problems);
        _environment.Reporter.WarnAll(result.Limited().Findings.Select(Warning));
        _environment.Reporter.WarnAll(result.Limited().Log?.Problems ?? []);
        _environment.Reporter.WarnAll(result.Limited().Log?.Findings.Select(Warning) ?? []);
        return result;
    }

    private static IReadOnlyList<string> Named(IReadOnlyList<string> ids) => ids.FirstOrDefault(id => !BackupIds.IsValid(id)) is { } invalid
        ? throw new PgdrException(ErrorCodes.BackupUnknown, $"'{invalid}' is not a backup id: 'pgdr backup list' shows them.")
        : [.. ids.Distinct(StringComparer.Ordinal)];

    private static VerifyCopiesResult Result(DateTimeOffset checkedAt, int backups, List<BackupOutcome> outcomes, List<string> problems, long bytesRead)
    {
        List<CopyFinding> findings = [.. outcomes.SelectMany(outcome => outcome.Findings)];
        List<string> all = [.. problems.Concat(outcomes.SelectMany(outcome => outcome.Problems)).Distinct(StringComparer.Ordinal)];
        return new VerifyCopiesResult
        {
            Success = all.Count == 0 && findings.TrueForAll(finding => finding.Repaired),
            CheckedAt = checkedAt,
            Backups = backups,
            Good = outcomes.Sum(outcome => outcome.Good),
            Missing = findings.Count(finding => finding.Condition == CopyCondition.Missing),
            Damaged = findings.Count(finding => finding.Condition == CopyCondition.Damaged),
            Unreachable = findings.Count(finding => finding.Condition == CopyCondition.Unreachable),
            Repaired = findings.Count(finding => finding.Repaired),
            BytesRead = bytesRead,
            Findings = findings,
            Problems = all,
        };
    }

    private static string Warning(CopyFinding finding) =>
        $"The copy of backup {finding.BackupId} ({finding.Database}) on target '{finding.Target}' {(finding.Repaired ? "was" : "is")} "
        + $"{finding.Condition.ToString().ToLowerInvariant()}: {finding.Detail}{(finding.Repaired ? " It was repaired from another copy." : finding.NotRepaired is { } why && why != finding.Detail ? $" It was not repaired: {why}" : string.Empty)}";

    private static string Warning(LogFinding finding) =>
        finding.Detail + (finding.Repaired ? " It was replaced by a good copy." : finding.NotRepaired is { } why && why != finding.Detail ? $" It was not replaced: {why}" : string.Empty);

    /// <summary>Reading needs no signing key; what is found then stays in the result alone.</summary>
    private SigningKey? SigningKey()
    {
        if (_environment.Settings.Keys.SigningKey is not null)
        {
            return KeyLoader.Signing(_environment.Settings.Keys);
        }

        _environment.Reporter.Warn("No signing key is configured, so what is found is not stated in storage: set BACKUP_SIGNING_KEY_PATH.");
        return null;
    }

    private async Task<IReadOnlyList<string>> ChooseAsync(
        VerifyCopiesParameters parameters, IReadOnlyList<IStorageTarget> targets, StorageCatalog catalog, List<string> problems, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("read");
        var now = _environment.Time.GetUtcNow();
        var reader = new CandidateReader(catalog, [.. targets.Select(target => target.Name)], _environment.Settings.Retention.Policy);
        var candidates = await reader.ReadAsync(now, problems, cancellationToken);
        return parameters.All
            ? [.. candidates.Select(candidate => candidate.BackupId).Order(StringComparer.Ordinal)]
            : SampleSelection.Choose(candidates, now, parameters.Repair);
    }
}
