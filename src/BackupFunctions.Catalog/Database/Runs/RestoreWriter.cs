using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace BackupFunctions.Catalog.Database.Runs;

/// <summary>One recovery by its report; what its jobs know besides is taken from them.</summary>
internal sealed class RestoreWriter(NpgsqlConnection connection, string cluster, string store)
{
    private const string DisasterRecovery = "DISASTER_RECOVERY";

    public Task WriteAsync(DisasterRecoveryReport report, CancellationToken cancellationToken) => connection.ExecuteAsync(
        """
        INSERT INTO catalog.restores (cluster, restore_id, store, mode, database_name, backup_id, target, target_time, reason, initiated_by, started_at,
            duration_seconds, bytes, rpo_seconds, is_success, report)
        VALUES ($1, $2, $3, $4, $5, $6,
            (SELECT parameters ->> 'target_server' FROM catalog.jobs
             WHERE cluster = $1 AND parameters ->> 'restore_id' = $2 AND parameters ? 'target_server' ORDER BY finished_at DESC NULLS LAST LIMIT 1),
            $7, $8, $9, $10, $11,
            (SELECT sum((output ->> 'downloaded')::bigint) FROM catalog.jobs
             WHERE cluster = $1 AND kind IN ($12, $16) AND parameters ->> 'restore_id' = $2 AND output ? 'downloaded'),
            $13, $14, $15)
        ON CONFLICT (cluster, restore_id) DO NOTHING
        """,
        cancellationToken,
        cluster, report.RestoreLogId, store, DisasterRecovery, CatalogJson.Clean(report.Database), report.BackupId, report.RecoveredTo?.ToUniversalTime(),
        CatalogJson.Clean(report.Reason), report.InitiatedBy is { } who ? CatalogJson.Clean(who) : null,
        DateTime.SpecifyKind(report.StartTime, DateTimeKind.Utc), report.DurationSeconds, JobKinds.FetchBackup, report.RpoSeconds, report.Success,
        new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = CatalogJson.Write(report) },
        JobKinds.RecoverDatabase);
}
