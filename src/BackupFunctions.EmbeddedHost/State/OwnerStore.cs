using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Which hosts there are, and what they hold.</summary>
internal sealed class OwnerStore(DurableDatabase database)
{
    // Class of the advisory locks of owners: "DURA" in ASCII.
    public const int LockClass = 0x44555241;

    private const string ReleaseSql =
        """
        WITH instances AS (
            UPDATE durable.instances SET locked_by = NULL, lock_expires_at = NULL
            WHERE lock_expires_at IS NOT NULL AND locked_by = $1)
        UPDATE durable.new_tasks SET locked_by = NULL, lock_expires_at = NULL WHERE locked_by = $1
        """;

    /// <summary>Registers this process on the connection, whose session is the sign of its life.</summary>
    public static async Task<int> RegisterAsync(NpgsqlConnection connection, OwnerIdentity identity, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var owner = await connection.ScalarAsync<int>(
            "INSERT INTO durable.owners (machine, process_id, process_started_at) VALUES ($1, $2, $3) RETURNING owner_id",
            cancellationToken, identity.Machine, identity.ProcessId, identity.StartedAt);

        // Before the row is seen, so that nobody sees it without its lock.
        await TryLockAsync(connection, owner, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return owner;
    }

    /// <summary>The same host on a new connection; its row is gone when another host took it for dead.</summary>
    /// <returns>Whether this session shows it alive now. The server may count the one before it for a while, until it sees that it is cut.</returns>
    public static async Task<bool> RegisterAgainAsync(
        NpgsqlConnection connection, int owner, OwnerIdentity identity, CancellationToken cancellationToken)
    {
        var isShown = await TryLockAsync(connection, owner, cancellationToken);
        await connection.ExecuteAsync(
            """
            INSERT INTO durable.owners (owner_id, machine, process_id, process_started_at) OVERRIDING SYSTEM VALUE
            VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
            """,
            cancellationToken, owner, identity.Machine, identity.ProcessId, identity.StartedAt);
        return isShown;
    }

    /// <summary>Takes the work of dead hosts away from them at once, instead of waiting for their leases to end.</summary>
    /// <param name="connection">This host's session.</param>
    /// <param name="self">This host.</param>
    /// <param name="lease">A server up for less has just cut every session; then a free lock says nothing.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many were dead, and how many are going: their processes are gone, their sessions are not yet.</returns>
    public static async Task<(int Dead, int Going)> ReleaseDeadAsync(
        NpgsqlConnection connection, int self, TimeSpan lease, CancellationToken cancellationToken)
    {
        var others = await connection.QueryAsync(
            row => (Owner: row.GetInt32(0), Identity: new OwnerIdentity(row.GetString(1), row.GetInt32(2), row.GetDateTime(3))),
            "SELECT owner_id, machine, process_id, process_started_at FROM durable.owners WHERE owner_id <> $1",
            cancellationToken, self);
        var sessionsTell = await connection.ScalarAsync<bool>(
            "SELECT clock_timestamp() - pg_postmaster_start_time() > $1", cancellationToken, lease);
        var dead = 0;
        var going = 0;
        foreach (var (owner, identity) in others)
        {
            // Shared: a host shows its life by the exclusive one, and who looks must not look like it.
            if (!await connection.ScalarAsync<bool>("SELECT pg_try_advisory_lock_shared($1, $2)", cancellationToken, LockClass, owner))
            {
                going += identity.IsDeadHere() ? 1 : 0;
                continue;
            }

            if (sessionsTell || identity.IsDeadHere())
            {
                await connection.ExecuteAsync(ReleaseSql, cancellationToken, owner);
                await connection.ExecuteAsync("DELETE FROM durable.owners WHERE owner_id = $1", cancellationToken, owner);
                dead++;
            }

            await connection.ExecuteAsync("SELECT pg_advisory_unlock_shared($1, $2)", cancellationToken, LockClass, owner);
        }

        return (dead, going);
    }

    /// <summary>At an orderly end.</summary>
    public async Task UnregisterAsync(int owner, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(ReleaseSql, cancellationToken, owner);
        await connection.ExecuteAsync("DELETE FROM durable.owners WHERE owner_id = $1", cancellationToken, owner);
    }

    /// <summary>Prolongs what runs on this host. What it holds without knowing, after a cut connection, ends with its lease.</summary>
    /// <param name="owner">This host.</param>
    /// <param name="instances">Ids of the instances whose turns run.</param>
    /// <param name="activities">Sequence numbers of the activities that run.</param>
    /// <param name="lease">From now.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Those of the activities that it still holds.</returns>
    public async Task<HashSet<long>> RenewAsync(
        int owner,
        IReadOnlyCollection<string> instances,
        IReadOnlyCollection<long> activities,
        TimeSpan lease,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            """
            UPDATE durable.instances SET lock_expires_at = clock_timestamp() + $3
            WHERE hub = $1 AND instance_id = ANY ($4) AND locked_by = $2
            """,
            database.Hub, owner, lease, instances.ToArray());
        batch.Add(
            """
            UPDATE durable.new_tasks SET lock_expires_at = clock_timestamp() + $2
            WHERE sequence_number = ANY ($3) AND locked_by = $1
            RETURNING sequence_number
            """,
            owner, lease, activities.ToArray());
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return [.. await reader.AllAsync(row => row.GetInt64(0), cancellationToken)];
    }

    private static Task<bool> TryLockAsync(NpgsqlConnection connection, int owner, CancellationToken cancellationToken) =>
        connection.ScalarAsync<bool>("SELECT pg_try_advisory_lock($1, $2)", cancellationToken, LockClass, owner);
}
