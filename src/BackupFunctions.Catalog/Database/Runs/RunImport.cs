using System.Text.Json;
using BackupFunctions.Catalog.Database.Alerts;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Runs;
using Npgsql;

namespace BackupFunctions.Catalog.Database.Runs;

/// <summary>
/// Takes jobs, switches of target, target checks, restores and alerts from a run store. Runs that have ended are read once. Several machines
/// may each bring their own run store to one catalog.
/// </summary>
internal sealed class RunImport(NpgsqlConnection connection, string cluster, RunStore runs)
{
    private readonly string _store = $"{Environment.MachineName}:{runs.Root}";
    private readonly AlertWriter _alerts = new(connection, cluster);

    /// <param name="anew">Forget what this run store told before.</param>
    /// <param name="cancellationToken">Ends it; what was not written by then comes the next time.</param>
    /// <returns>Runs and reports that were read.</returns>
    public async Task<int> RunAsync(bool anew, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (anew && Directory.Exists(runs.Root))
        {
            await ForgetAsync(cancellationToken);
        }

        var count = await ImportRunsAsync(cancellationToken) + await ImportReportsAsync(cancellationToken);
        await _alerts.FoldAsync(cancellationToken);
        await _alerts.ResolveByStatementsAsync(cancellationToken);
        await _alerts.FoldAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return count;
    }

    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await _alerts.RemoveAsync(_store, cancellationToken);
        foreach (var table in new[] { "failovers", "target_checks" })
        {
            await connection.ExecuteAsync(
                $"DELETE FROM catalog.{table} WHERE cluster = $1 AND run_id IN (SELECT run_id FROM catalog.jobs WHERE cluster = $1 AND store = $2)",
                cancellationToken, cluster, _store);
        }

        foreach (var table in new[] { "jobs", "restores" })
        {
            await connection.ExecuteAsync($"DELETE FROM catalog.{table} WHERE cluster = $1 AND store = $2", cancellationToken, cluster, _store);
        }
    }

    private async Task<int> ImportRunsAsync(CancellationToken cancellationToken)
    {
        var ended = (await connection.QueryAsync(
            row => row.GetString(0), "SELECT run_id FROM catalog.jobs WHERE cluster = $1 AND finished_at IS NOT NULL", cancellationToken, cluster))
            .ToHashSet(StringComparer.Ordinal);
        var writer = new RunWriter(connection, cluster, _store);
        var count = 0;
        foreach (var runId in runs.ListIds().Where(runId => !ended.Contains(runId)))
        {
            if (Read(runId) is not var (spec, status))
            {
                continue;
            }

            await writer.WriteAsync(spec, status, cancellationToken);
            if (status.Result is { } result)
            {
                await _alerts.AddAsync([.. SignalsOf(spec, result)], cancellationToken);
            }

            count++;
        }

        return count;
    }

    /// <returns>Null when it was removed meanwhile, or its files are damaged: its own workflow says so.</returns>
    private (JobSpec Spec, JobStatus Status)? Read(string runId)
    {
        try
        {
            return runs.ReadSpec(runId) is { } spec ? (spec, runs.GetStatus(runId)) : null;
        }
        catch (Exception e) when (e is PgdrException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<AlertSignal> SignalsOf(JobSpec spec, JobResult result)
    {
        try
        {
            return [.. AlertSignals.Of(spec, result)];
        }
        catch (JsonException)
        {
            // Written by another version: the job is shown, and says nothing for or against an alert.
            return [];
        }
    }

    private async Task<int> ImportReportsAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(runs.Root, "reports");
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        var known = (await connection.QueryAsync(
            row => row.GetString(0), "SELECT restore_id FROM catalog.restores WHERE cluster = $1", cancellationToken, cluster)).ToHashSet(StringComparer.Ordinal);
        var writer = new RestoreWriter(connection, cluster, _store);
        var count = 0;
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Where(path => !known.Contains(Path.GetFileNameWithoutExtension(path))))
        {
            if (ReadReport(path) is { } report)
            {
                var end = new DateTimeOffset(DateTime.SpecifyKind(report.StartTime, DateTimeKind.Utc)).AddSeconds(report.DurationSeconds);
                await writer.WriteAsync(report, cancellationToken);
                await _alerts.AddAsync([AlertSignals.Of(report, end)], cancellationToken);
                count++;
            }
        }

        return count;
    }

    private static DisasterRecoveryReport? ReadReport(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<DisasterRecoveryReport>(File.ReadAllBytes(path), ContractJson.Options);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
