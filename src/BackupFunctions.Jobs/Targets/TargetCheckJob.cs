using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using BackupFunctions.Storage.Checks;

namespace BackupFunctions.Jobs.Targets;

/// <summary>Checks storage targets, all at the same time. It succeeds whatever it finds; the result tells.</summary>
public sealed class TargetCheckJob(JobEnvironment environment)
{
    /// <exception cref="PgdrException">A name is not that of a target, or none is configured (settings.invalid).</exception>
    public async Task<TargetCheckResult> RunAsync(TargetCheckParameters parameters, CancellationToken cancellationToken)
    {
        environment.Reporter.Phase("check");
        var checkedAt = environment.Time.GetUtcNow();
        var reports = await Task.WhenAll(Chosen(parameters.Targets ?? []).Select(target => CheckAsync(target, cancellationToken)));
        foreach (var report in reports)
        {
            foreach (var finding in report.Findings.Where(finding => finding.Status == CheckStatus.Fail))
            {
                environment.Reporter.Warn($"Target {report.Target} failed the check '{finding.Check}': {finding.Detail}");
            }
        }

        return new TargetCheckResult { CheckedAt = checkedAt, Targets = reports };
    }

    private IReadOnlyList<TargetSettings> Chosen(IReadOnlyList<string> names)
    {
        var targets = environment.Settings.Targets;
        if (targets.Count == 0)
        {
            throw StorageTargets.NoneConfigured();
        }

        var unknown = names.Except(targets.Select(target => target.Name), StringComparer.OrdinalIgnoreCase).FirstOrDefault();
        return unknown is not null
            ? throw new PgdrException(
                ErrorCodes.InvalidSettings,
                $"'{unknown}' is not a configured target; choose from {string.Join(", ", targets.Select(target => target.Name))}.")
            : [.. targets.Where(target => names.Count == 0 || names.Contains(target.Name, StringComparer.OrdinalIgnoreCase))];
    }

    private async Task<TargetReport> CheckAsync(TargetSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            var target = StorageTargets.Create(settings, environment.Settings.ReadPatience, environment.Loggers);
            using var disposable = target as IDisposable;
            return await TargetCheck.RunAsync(target, environment.Time, cancellationToken);
        }
        catch (PgdrException e)
        {
            return TargetCheck.Unusable(settings.Name, e);
        }
    }
}
