using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace BackupFunctions.Catalog.Database.Runs;

/// <summary>One run, in the place of what was known of it.</summary>
internal sealed class RunWriter(NpgsqlConnection connection, string cluster, string store)
{
    public async Task WriteAsync(JobSpec spec, JobStatus status, CancellationToken cancellationToken)
    {
        var (result, progress) = (status.Result, status.Progress);
        var made = spec.Kind == JobKinds.FullBackup ? Output<FullBackupResult>(result)?.BackupId : null;
        await connection.ExecuteAsync(
            """
            INSERT INTO catalog.jobs (cluster, run_id, store, kind, instance_id, state, started_at, finished_at, duration_seconds, phase, bytes_done, bytes_total,
                error_code, error, warnings, phase_seconds, parameters, output, backup_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
            ON CONFLICT (cluster, run_id) DO UPDATE SET
                store = excluded.store, state = excluded.state, started_at = excluded.started_at, finished_at = excluded.finished_at,
                duration_seconds = excluded.duration_seconds, phase = excluded.phase, bytes_done = excluded.bytes_done, bytes_total = excluded.bytes_total,
                error_code = excluded.error_code, error = excluded.error, warnings = excluded.warnings, phase_seconds = excluded.phase_seconds,
                output = excluded.output, backup_id = excluded.backup_id
            """,
            cancellationToken,
            cluster, spec.RunId, store, CatalogJson.Clean(spec.Kind), spec.InstanceId, CatalogNames.Of(status.State), result?.StartedAt.ToUniversalTime(),
            result?.FinishedAt.ToUniversalTime(), (result?.FinishedAt - result?.StartedAt)?.TotalSeconds, progress?.Phase, progress?.BytesDone, progress?.BytesTotal,
            result?.ErrorCode, result?.Error is { } error ? CatalogJson.Clean(error) : null, Json(result?.Warnings ?? []),
            Json(result?.PhaseSeconds ?? new Dictionary<string, double>(StringComparer.Ordinal)), Json(spec.Parameters), Json(result?.Output), made);
        if (made is not null)
        {
            await connection.ExecuteAsync(
                """
                UPDATE catalog.backups SET job_id = $3 FROM catalog.generations g
                WHERE g.cluster = $1 AND backups.generation = g.generation AND backups.backup_id = $2
                """,
                cancellationToken, cluster, made, spec.RunId);
        }

        await WriteFailoversAsync(spec, status, cancellationToken);
        await WriteChecksAsync(spec, result, cancellationToken);
    }

    private async Task WriteFailoversAsync(JobSpec spec, JobStatus status, CancellationToken cancellationToken)
    {
        var sentences = (spec.Kind is JobKinds.FetchBackup or JobKinds.RecoverDatabase) && Output<FetchBackupResult>(status.Result)?.Failovers is { } told ? told : status.Progress?.Failovers ?? [];
        var at = status.Result?.FinishedAt ?? status.Progress?.UpdatedAt;
        foreach (var (number, sentence) in sentences.Index())
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO catalog.failovers (cluster, run_id, number, at, backup_id, description) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (cluster, run_id, number) DO UPDATE SET description = excluded.description
                """,
                cancellationToken, cluster, spec.RunId, number + 1, at!.Value.ToUniversalTime(), (spec.Parameters as JsonObject)?["backup_id"]?.ToString(), CatalogJson.Clean(sentence));
        }
    }

    private async Task WriteChecksAsync(JobSpec spec, JobResult? result, CancellationToken cancellationToken)
    {
        if (spec.Kind != JobKinds.TargetCheck || Output<TargetCheckResult>(result) is not { } check)
        {
            return;
        }

        foreach (var target in check.Targets)
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO catalog.target_checks (cluster, run_id, target, checked_at, status, latency_milliseconds, free_bytes, findings)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
                """,
                cancellationToken, cluster, spec.RunId, target.Target, check.CheckedAt.ToUniversalTime(), CatalogNames.Of(target.Status), target.LatencyMilliseconds,
                target.FreeBytes, Json(target.Findings));
        }
    }

    private static T? Output<T>(JobResult? result)
        where T : class
    {
        try
        {
            return result is { State: JobState.Succeeded } ? result.Output.Deserialize<T>(ContractJson.Options) : null;
        }
        catch (JsonException)
        {
            // Of another version: the job is shown without what would follow from its output.
            return null;
        }
    }

    private static NpgsqlParameter Json<T>(T value) => new()
    {
        NpgsqlDbType = NpgsqlDbType.Jsonb,
        Value = value is null ? DBNull.Value : CatalogJson.Write(value),
    };
}
