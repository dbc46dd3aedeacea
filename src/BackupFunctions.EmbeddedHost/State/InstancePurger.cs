using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Deletes ended instances with everything that belongs to them.</summary>
internal sealed class InstancePurger(DurableDatabase database, TimeProvider time)
{
    private const long ChunkSize = 500;

    /// <returns>How many were deleted; 0 when the instance is unknown or has not ended.</returns>
    public async Task<int> PurgeAsync(string instanceId, bool recursive, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await PurgeAsync(connection, [instanceId], recursive, cancellationToken);
    }

    /// <summary>Deletes in chunks until nothing is left or the filter's time is over.</summary>
    public async Task<PurgeResult> PurgeAsync(PurgeInstancesFilter filter, bool recursive, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var begin = time.GetTimestamp();
        var purged = 0;
        while (true)
        {
            var ids = await connection.QueryAsync(
                row => row.GetString(0),
                $"""
                SELECT instance_id FROM durable.instances
                WHERE hub = $1 AND status IN {InstanceStates.FinalSql}
                    AND ($2::timestamptz IS NULL OR created_at >= $2)
                    AND ($3::timestamptz IS NULL OR created_at <= $3)
                    AND ($4::text[] IS NULL OR status = ANY ($4))
                ORDER BY created_at
                LIMIT $5
                """,
                cancellationToken,
                database.Hub,
                filter.CreatedFrom?.UtcDateTime,
                filter.CreatedTo?.UtcDateTime,
                InstanceReader.Names(filter.Statuses),
                ChunkSize);
            purged += await PurgeAsync(connection, ids, recursive, cancellationToken);
            if (ids.Count < ChunkSize)
            {
                return new PurgeResult(purged, true);
            }

            if (filter.Timeout is { } limit && time.GetElapsedTime(begin) >= limit)
            {
                return new PurgeResult(purged, false);
            }
        }
    }

    private Task<int> PurgeAsync(
        NpgsqlConnection connection, IReadOnlyCollection<string> ids, bool recursive, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            $"""
            WITH RECURSIVE chosen AS (
                SELECT instance_id FROM durable.instances
                WHERE hub = $1 AND instance_id = ANY ($2) AND status IN {InstanceStates.FinalSql}
                UNION
                SELECT child.instance_id FROM durable.instances child JOIN chosen c ON child.parent_instance_id = c.instance_id
                WHERE child.hub = $1 AND $3 AND child.status IN {InstanceStates.FinalSql})
            DELETE FROM durable.instances i USING chosen c WHERE i.hub = $1 AND i.instance_id = c.instance_id
            """,
            cancellationToken, database.Hub, ids.ToArray(), recursive);
}
