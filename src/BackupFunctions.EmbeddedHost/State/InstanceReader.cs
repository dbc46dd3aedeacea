using System.Data;
using System.Globalization;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Reads instances and their histories.</summary>
internal sealed class InstanceReader(DurableDatabase database)
{
    private const int ReadAttempts = 3;

    private string Hub => database.Hub;

    public Task<StoredInstance?> GetAsync(string instanceId, bool withData, CancellationToken cancellationToken) =>
        ReadAsync(
            async connection =>
            {
                var rows = await connection.QueryAsync(
                    StoredInstance.Read,
                    $"SELECT {StoredInstance.Columns(withData)} FROM durable.instances WHERE hub = $1 AND instance_id = $2",
                    cancellationToken, Hub, instanceId);
                return (await WithPayloadsAsync(connection, rows, cancellationToken)).SingleOrDefault();
            },
            cancellationToken);

    /// <returns>Events of the present execution, oldest first; empty when there are none or the instance is unknown.</returns>
    public Task<List<HistoryEvent>> GetHistoryAsync(string instanceId, CancellationToken cancellationToken) =>
        ReadAsync(
            async connection => (await HistoryReader.ReadAsync(connection, Hub, instanceId, cancellationToken)).History, cancellationToken);

    /// <summary>Oldest first.</summary>
    public async Task<Page<StoredInstance>> QueryAsync(
        OrchestrationQuery query, string? token, int pageSize, CancellationToken cancellationToken)
    {
        var (afterTime, afterId) = ReadToken(token);
        const string Where =
            """
            FROM durable.instances
            WHERE hub = $1
                AND ($2::timestamptz IS NULL OR created_at >= $2)
                AND ($3::timestamptz IS NULL OR created_at <= $3)
                AND ($4::text[] IS NULL OR status = ANY ($4))
                AND ($5::text IS NULL OR starts_with(instance_id, $5))
                AND ($6::timestamptz IS NULL OR (created_at, instance_id) > ($6, $7::text))
            ORDER BY created_at, instance_id
            LIMIT $8
            """;
        object?[] parameters =
        [
            Hub,
            query.CreatedFrom?.UtcDateTime,
            query.CreatedTo?.UtcDateTime,
            Names(query.Statuses),
            query.InstanceIdPrefix,
            afterTime,
            afterId,
            (long)pageSize,
        ];
        var select = $"SELECT {StoredInstance.Columns(query.FetchInputsAndOutputs)} {Where}";
        var rows = await ReadAsync(
            async connection =>
            {
                var found = await connection.QueryAsync(StoredInstance.Read, select, cancellationToken, parameters);
                return await WithPayloadsAsync(connection, found, cancellationToken);
            },
            cancellationToken);
        var last = rows.Count == pageSize ? rows[^1] : null;
        return new Page<StoredInstance>(rows, last is null ? null : WriteToken(last));
    }

    /// <summary>Ids of ended instances in the order of the ids.</summary>
    public async Task<List<string>> ListIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? statuses,
        DateTimeOffset? completedFrom,
        DateTimeOffset? completedTo,
        int pageSize,
        string? after,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QueryAsync(
            row => row.GetString(0),
            """
            SELECT instance_id FROM durable.instances
            WHERE hub = $1 AND completed_at IS NOT NULL
                AND ($2::text[] IS NULL OR status = ANY ($2))
                AND ($3::timestamptz IS NULL OR completed_at >= $3)
                AND ($4::timestamptz IS NULL OR completed_at <= $4)
                AND ($5::text IS NULL OR instance_id > $5)
            ORDER BY instance_id
            LIMIT $6
            """,
            cancellationToken, Hub, Names(statuses), completedFrom?.UtcDateTime, completedTo?.UtcDateTime, after, (long)pageSize);
    }

    public static string[]? Names(IEnumerable<OrchestrationRuntimeStatus>? statuses)
    {
        var names = statuses?.Select(status => status.ToString()).ToArray();
        return names is { Length: > 0 } ? names : null;
    }

    /// <summary>
    /// A read has no effect, so it is made again when its connection broke since the last use, or when a large value was dropped between
    /// the read of its reference and its own; then both are read as of one moment.
    /// </summary>
    private async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        var isolation = IsolationLevel.Unspecified;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await database.OpenAsync(cancellationToken);
                await using var snapshot = isolation == IsolationLevel.Unspecified
                    ? null
                    : await connection.BeginTransactionAsync(isolation, cancellationToken);
                return await read(connection);
            }
            catch (Exception failure)
                when (attempt < ReadAttempts && failure is (InvalidDataException or NpgsqlException { IsTransient: true }))
            {
                if (failure is NpgsqlException)
                {
                    database.ForgetConnections();
                }
                else
                {
                    isolation = IsolationLevel.RepeatableRead;
                }
            }
        }
    }

    private async Task<List<StoredInstance>> WithPayloadsAsync(
        NpgsqlConnection connection, List<StoredInstance> rows, CancellationToken cancellationToken)
    {
        var texts = rows.SelectMany(row => new[] { row.Input, row.Output, row.CustomStatus }.Select(text => (row.InstanceId, text)));
        var payloads = await PayloadReader.ReadAsync(connection, Hub, texts, cancellationToken);
        return rows.ConvertAll(row => row with
        {
            Input = PayloadReader.Resolve(row.Input, payloads),
            Output = PayloadReader.Resolve(row.Output, payloads),
            CustomStatus = PayloadReader.Resolve(row.CustomStatus, payloads),
        });
    }

    private static string WriteToken(StoredInstance last) =>
        string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.Ticks}:{last.InstanceId}");

    private static (DateTime? Time, string? Id) ReadToken(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return (null, null);
        }

        var colon = token.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && long.TryParse(token.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? (new DateTime(ticks, DateTimeKind.Utc), token[(colon + 1)..])
            : throw new ArgumentException($"'{token}' is not a continuation token of this host; start from the first page.", nameof(token));
    }
}
