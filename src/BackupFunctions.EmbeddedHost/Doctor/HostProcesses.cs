using BackupFunctions.EmbeddedHost.State;

namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>Reads which hosts there are and what they hold.</summary>
internal static class HostProcesses
{
    /// <param name="state">The database.</param>
    /// <param name="lease">A server up for less has just cut every session; then a free lock says nothing.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public static async Task<List<HostProcess>> ReadAsync(StateSnapshot state, TimeSpan lease, CancellationToken cancellationToken)
    {
        var leases = await LeasesAsync(state, cancellationToken);
        var sessionsTell = await state.Connection.ScalarAsync<bool>(
            "SELECT clock_timestamp() - pg_postmaster_start_time() > $1", cancellationToken, lease);
        var registered = await state.Connection.QueryAsync(
            row => (Owner: row.GetInt32(0), Identity: new OwnerIdentity(row.GetString(1), row.GetInt32(2), row.GetDateTime(3)), HasSession: row.GetBoolean(4)),
            """
            SELECT o.owner_id, o.machine, o.process_id, o.process_started_at, EXISTS (
                SELECT FROM pg_locks l
                WHERE l.locktype = 'advisory' AND l.granted AND l.mode = 'ExclusiveLock' AND l.objsubid = 2
                    AND l.classid = $1::oid AND l.objid = o.owner_id::oid
                    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            FROM durable.owners o ORDER BY o.owner_id
            """,
            cancellationToken, OwnerStore.LockClass);
        var hosts = registered.ConvertAll(host => new HostProcess(
            host.Owner,
            host.Identity.Machine,
            host.Identity.ProcessId,
            host.Identity.StartedAt,
            host.HasSession ? HostLife.Alive : sessionsTell || host.Identity.IsDeadHere() ? HostLife.Dead : HostLife.Unknown,
            [.. leases[host.Owner]]));
        var gone = leases.Where(held => !registered.Exists(host => host.Owner == held.Key))
            .Select(held => new HostProcess(held.Key, null, null, null, HostLife.Dead, [.. held]));
        return [.. hosts, .. gone];
    }

    private static async Task<ILookup<int, Lease>> LeasesAsync(StateSnapshot state, CancellationToken cancellationToken)
    {
        var held = await state.Connection.QueryAsync(
            row => (Owner: row.GetInt32(0), Lease: new Lease(row.GetString(1), row.Text(2), row.GetDateTime(3))),
            """
            SELECT locked_by, instance_id, NULL, lock_expires_at FROM durable.instances
            WHERE hub = $1 AND locked_by IS NOT NULL AND lock_expires_at > clock_timestamp()
            UNION ALL
            SELECT locked_by, instance_id, name, lock_expires_at FROM durable.new_tasks
            WHERE hub = $1 AND locked_by IS NOT NULL AND lock_expires_at > clock_timestamp()
            ORDER BY 1, 2, 3
            """,
            cancellationToken, state.Hub);
        return held.ToLookup(item => item.Owner, item => item.Lease);
    }
}
