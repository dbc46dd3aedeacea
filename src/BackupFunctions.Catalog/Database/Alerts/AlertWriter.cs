using Npgsql;

namespace BackupFunctions.Catalog.Database.Alerts;

/// <summary>Keeps signals and the alerts that they amount to. What people acknowledged stays so.</summary>
internal sealed class AlertWriter(NpgsqlConnection connection, string cluster)
{
    private const string FromStatements = "statement";

    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);

    /// <summary>Keeps them; alerts are made of them by <see cref="FoldAsync(CancellationToken)"/>.</summary>
    public async Task AddAsync(IReadOnlyCollection<AlertSignal> signals, CancellationToken cancellationToken)
    {
        foreach (var signal in signals)
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO catalog.alert_signals (cluster, fingerprint, at, run_id, is_raised, kind, severity, message)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
                """,
                cancellationToken, cluster, CatalogJson.Clean(signal.Fingerprint), signal.At.ToUniversalTime(), signal.RunId, signal.IsRaised, signal.Kind,
                signal.Severity, signal.Message is null ? null : CatalogJson.Clean(signal.Message));
        }

        _touched.UnionWith(signals.Select(signal => CatalogJson.Clean(signal.Fingerprint)));
    }

    /// <summary>A signed statement says that a damaged copy is good again, or was let go.</summary>
    public async Task ResolveByStatementsAsync(CancellationToken cancellationToken)
    {
        var resolved = await connection.QueryAsync(
            row => new AlertSignal(
                row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), FromStatements, IsRaised: false, AlertKinds.IntegrityFailed, AlertSeverities.Warning, Message: null),
            """
            SELECT a.fingerprint, CASE WHEN c.state = 'DELETED' THEN c.deleted_at ELSE c.verified_at END
            FROM catalog.alerts a
            JOIN catalog.current_copies c ON c.cluster = a.cluster
                AND c.backup_id = split_part(a.fingerprint, ':', 2) AND c.target = substr(a.fingerprint, length('integrity:') + length(c.backup_id) + 2)
            WHERE a.cluster = $1 AND a.state <> 'RESOLVED' AND a.fingerprint LIKE 'integrity:%'
                AND ((c.state IN ('VERIFIED', 'TOMBSTONED') AND c.verified_at > a.last_seen_at) OR (c.state = 'DELETED' AND c.deleted_at > a.last_seen_at))
            """,
            cancellationToken, cluster);
        await AddAsync(resolved, cancellationToken);
    }

    /// <summary>Forgets what the runs of a run store said.</summary>
    public async Task RemoveAsync(string store, CancellationToken cancellationToken) => _touched.UnionWith(await connection.QueryAsync(
        row => row.GetString(0),
        """
        WITH gone AS (
            DELETE FROM catalog.alert_signals s USING (
                SELECT run_id AS id FROM catalog.jobs WHERE cluster = $1 AND store = $2
                UNION SELECT restore_id FROM catalog.restores WHERE cluster = $1 AND store = $2) own
            WHERE s.cluster = $1 AND s.run_id = own.id RETURNING s.fingerprint)
        SELECT DISTINCT fingerprint FROM gone
        """,
        cancellationToken, cluster, store));

    /// <summary>Makes the alerts whose signals changed anew; what a person did to one that is still there stays.</summary>
    public async Task FoldAsync(CancellationToken cancellationToken)
    {
        foreach (var fingerprint in _touched)
        {
            await FoldAsync(fingerprint, cancellationToken);
        }

        _touched.Clear();
    }

    private async Task FoldAsync(string fingerprint, CancellationToken cancellationToken)
    {
        var signals = await connection.QueryAsync(
            row => new AlertSignal(
                fingerprint, row.GetFieldValue<DateTimeOffset>(0), row.GetString(1), row.GetBoolean(2), row.GetString(3), row.GetString(4), row.Text(5)),
            "SELECT at, run_id, is_raised, kind, severity, message FROM catalog.alert_signals WHERE cluster = $1 AND fingerprint = $2",
            cancellationToken, cluster, fingerprint);
        var alerts = AlertFold.Of(signals);
        await connection.ExecuteAsync(
            "DELETE FROM catalog.alerts WHERE cluster = $1 AND fingerprint = $2 AND first_seen_at <> ALL($3)",
            cancellationToken, cluster, fingerprint, alerts.Select(alert => alert.FirstSeenAt).ToArray());
        foreach (var alert in alerts)
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO catalog.alerts AS a (cluster, fingerprint, first_seen_at, last_seen_at, count, kind, severity, message, state, resolved_at, resolved_by)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $9::timestamptz IS NULL THEN 'ACTIVE' ELSE 'RESOLVED' END, $9, $10)
                ON CONFLICT (cluster, fingerprint, first_seen_at) DO UPDATE SET
                    last_seen_at = excluded.last_seen_at, count = excluded.count, severity = excluded.severity, message = excluded.message,
                    -- A person may have resolved it before any result did; trouble that was told later opens it again.
                    state = CASE
                        WHEN excluded.resolved_at IS NOT NULL THEN 'RESOLVED'
                        WHEN a.state = 'RESOLVED' AND a.resolved_at >= excluded.last_seen_at THEN 'RESOLVED'
                        WHEN a.acknowledged_at IS NOT NULL THEN 'ACKNOWLEDGED'
                        ELSE 'ACTIVE' END,
                    resolved_at = CASE WHEN excluded.resolved_at IS NULL AND a.resolved_at >= excluded.last_seen_at THEN a.resolved_at ELSE excluded.resolved_at END,
                    resolved_by = CASE WHEN excluded.resolved_at IS NULL AND a.resolved_at >= excluded.last_seen_at THEN a.resolved_by ELSE excluded.resolved_by END
                """,
                cancellationToken, cluster, fingerprint, alert.FirstSeenAt, alert.LastSeenAt, alert.Count, alert.Kind, alert.Severity, alert.Message,
                alert.ResolvedAt, alert.ResolvedBy);
        }
    }
}
