using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Catalog.Database.Alerts;

/// <summary>What results of jobs and reports of recoveries say for or against alerts. A job that was stopped on request says nothing.</summary>
internal static class AlertSignals
{
    public static string OfCopy(string backupId, string target) => $"integrity:{backupId}:{target}";

    public static IEnumerable<AlertSignal> Of(JobSpec spec, JobResult result) => result.State is not (JobState.Succeeded or JobState.Failed)
        ? []
        : spec.Kind switch
        {
            JobKinds.FullBackup => Backup(spec, result),
            JobKinds.BaseBackup => Base(spec, result),
            JobKinds.TenantBackup => Tenants(spec, result),
            JobKinds.VerifyCopies => Integrity(spec, result),
            JobKinds.Cleanup => Cleanup(spec, result),
            JobKinds.TargetCheck => Targets(result),
            _ => [],
        };

    public static AlertSignal Of(DisasterRecoveryReport report, DateTimeOffset endedAt) => new(
        $"restore:{report.Database}", endedAt, report.RestoreLogId, !report.Success, AlertKinds.RestoreFailed, AlertSeverities.Critical,
        report.Success
            ? null
            : $"The recovery of {report.Database} failed: {report.Steps.LastOrDefault(step => step.Status == StepStatus.Failed)?.Detail ?? "see its report"}");

    private static IEnumerable<AlertSignal> Backup(JobSpec spec, JobResult result)
    {
        var of = spec.Parameters.Deserialize<FullBackupParameters>(ContractJson.Options)!;
        var backup = Output<FullBackupResult>(result);
        yield return Backup(result, of.Archive, "backup", of.Database, of.Database, backup?.Status, backup?.StatusReason);
    }

    private static IEnumerable<AlertSignal> Base(JobSpec spec, JobResult result)
    {
        var of = spec.Parameters.Deserialize<BaseBackupParameters>(ContractJson.Options)!;
        var backup = Output<BaseBackupResult>(result);
        yield return Backup(result, of.Archive, "base", of.Server, $"server {of.Server}", backup?.Status, backup?.StatusReason);
    }

    /// <summary>An archive that is missing is not made up for by the backup of the next day.</summary>
    private static AlertSignal Backup(JobResult result, bool isArchive, string kind, string name, string subject, BackupStatus? status, string? reason)
    {
        var isFailed = status is null or BackupStatus.Failed;
        return Signal(
            result, $"{(isArchive ? "archive-" : string.Empty)}{kind}:{name}", isFailed || status == BackupStatus.Completed, AlertKinds.BackupFailed,
            isFailed ? AlertSeverities.Error : AlertSeverities.Warning,
            $"The {(isArchive ? "archive" : kind == "base" ? "base backup" : "backup")} of {subject} {(isFailed ? "failed" : "is not verified")}: {result.Error ?? reason}");
    }

    /// <summary>That tenants asked for by name are backed up says nothing of those that failed before.</summary>
    private static IEnumerable<AlertSignal> Tenants(JobSpec spec, JobResult result)
    {
        var parameters = spec.Parameters.Deserialize<TenantBackupParameters>(ContractJson.Options)!;
        var run = Output<TenantBackupResult>(result);
        if (run is null || parameters.Tenants is null)
        {
            yield return Signal(
                result, $"tenants:{parameters.Database}", run is not { Completed: 0 }, AlertKinds.BackupFailed, run is null ? AlertSeverities.Error : AlertSeverities.Warning,
                run is null
                    ? $"Backups of tenants of {parameters.Database} failed: {result.Error}"
                    : $"{run.Completed} of {run.Tenants} backups of tenants of {parameters.Database} are not verified: {run.Backups.FirstOrDefault(backup => backup.StatusReason is not null)?.StatusReason ?? "see the list of backups"}");
        }
    }

    /// <summary>
    /// A copy that is not listed was good only where it was certainly looked at; a sample does not tell. The statements of later checks do,
    /// see <see cref="AlertWriter"/>.
    /// </summary>
    private static IEnumerable<AlertSignal> Integrity(JobSpec spec, JobResult result)
    {
        var verified = Output<VerifyCopiesResult>(result);
        yield return Signal(
            result, "integrity-check", verified is null, AlertKinds.IntegrityFailed, AlertSeverities.Warning, $"The integrity check failed: {result.Error}");
        foreach (var finding in (verified?.Findings ?? []).Where(finding => finding.Condition is CopyCondition.Missing or CopyCondition.Damaged))
        {
            var fingerprint = OfCopy(finding.BackupId, finding.Target);
            yield return Signal(
                result, fingerprint, isRaised: true, AlertKinds.IntegrityFailed, finding.Repaired ? AlertSeverities.Warning : AlertSeverities.Critical,
                $"The copy of {finding.BackupId} on {finding.Target} was {finding.Condition.ToString().ToLowerInvariant()}: {finding.Detail}");
            if (finding.Repaired)
            {
                // A millisecond later: raised and resolved are two signals of one run.
                yield return Resolved(result, fingerprint);
            }
        }

        foreach (var finding in (verified?.Log?.Findings ?? []).Where(finding => finding.Condition is CopyCondition.Missing or CopyCondition.Damaged))
        {
            var fingerprint = $"log-integrity:{finding.SystemIdentifier}:{finding.Object}:{finding.Target}";
            var isOver = finding.Repaired || finding.ReadRight;
            yield return Signal(
                result, fingerprint, isRaised: true, AlertKinds.IntegrityFailed, isOver ? AlertSeverities.Warning : AlertSeverities.Critical,
                $"The copy of {finding.Object} of the log of server {finding.SystemIdentifier} on {finding.Target} was {finding.Condition.ToString().ToLowerInvariant()}: {finding.Detail}");
            if (isOver)
            {
                yield return Resolved(result, fingerprint);
            }
        }
    }

    private static AlertSignal Resolved(JobResult result, string fingerprint) => new(
        fingerprint, result.FinishedAt.AddMilliseconds(1), result.RunId, IsRaised: false, AlertKinds.IntegrityFailed, AlertSeverities.Warning, Message: null);

    private static IEnumerable<AlertSignal> Cleanup(JobSpec spec, JobResult result)
    {
        if (spec.Parameters.Deserialize<CleanupParameters>(ContractJson.Options) is { DryRun: true })
        {
            yield break;
        }

        var done = Output<CleanupResult>(result);
        yield return Signal(
            result, "cleanup", done is not { Success: true }, AlertKinds.CleanupFailed, AlertSeverities.Error,
            $"The cleanup left undone what was due: {result.Error ?? string.Join(" ", done?.Problems ?? [])}");
    }

    private static IEnumerable<AlertSignal> Targets(JobResult result)
    {
        if (Output<TargetCheckResult>(result) is not { } check)
        {
            yield return Signal(
                result, "target-check", isRaised: true, AlertKinds.TargetUnhealthy, AlertSeverities.Error, $"The check of the targets failed: {result.Error}");
            yield break;
        }

        yield return Signal(result, "target-check", isRaised: false, AlertKinds.TargetUnhealthy, AlertSeverities.Error, message: null);
        foreach (var target in check.Targets)
        {
            var failed = target.Findings.Where(finding => finding.Status == CheckStatus.Fail).Select(finding => finding.Detail);
            yield return Signal(
                result, $"target:{target.Target}", target.Status == CheckStatus.Fail, AlertKinds.TargetUnhealthy, AlertSeverities.Error,
                $"Target {target.Target} does not work: {string.Join(" ", failed)}");
        }
    }

    private static T? Output<T>(JobResult result)
        where T : class => result.State == JobState.Succeeded ? result.Output.Deserialize<T>(ContractJson.Options) : null;

    private static AlertSignal Signal(JobResult result, string fingerprint, bool isRaised, string kind, string severity, string? message) =>
        new(fingerprint, result.FinishedAt, result.RunId, isRaised, kind, severity, isRaised ? message : null);
}
