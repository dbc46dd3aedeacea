using System.Collections.Immutable;
using System.Globalization;
using BackupFunctions.Archive.Wal;
using BackupFunctions.TestSupport;
using Npgsql;

namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>Inserts, changes and deletes rows of table t, one transaction after the other, and knows what was committed after each.</summary>
internal sealed class CommittedHistory(PostgresServer server)
{
    public const string Settings = "track_commit_timestamp = on";

    private readonly Random _random = new(7);
    private readonly List<CommittedPoint> _points = [];
    private readonly Lock _lock = new();
    private ImmutableSortedDictionary<int, string> _rows = ImmutableSortedDictionary<int, string>.Empty;

    public static string Query => "select i || ' ' || v from t order by i";

    public IReadOnlyList<CommittedPoint> Points
    {
        get
        {
            lock (_lock)
            {
                return [.. _points];
            }
        }
    }

    public Task CreateTableAsync() => server.ExecuteAsync("create table t(i int primary key, v text)");

    /// <summary>Writes until it is stopped.</summary>
    public async Task WriteAsync(int timeline, CancellationToken stop)
    {
        await using var connection = await server.OpenAsync();
        while (!stop.IsCancellationRequested)
        {
            await CommitOneAsync(connection, timeline);
        }
    }

    /// <summary>Waits for so many more transactions of the writer.</summary>
    public async Task MoreAsync(int transactions, CancellationToken cancellationToken)
    {
        var wanted = Points.Count + transactions;
        while (Points.Count < wanted)
        {
            await Task.Delay(10, cancellationToken);
        }
    }

    private async Task CommitOneAsync(NpgsqlConnection connection, int timeline)
    {
        var (key, value) = (_random.Next(1, 60), _random.Next().ToString(CultureInfo.InvariantCulture));
        var delete = _random.Next(4) == 0;
        var transaction = await ScalarAsync<string>(connection, delete
            ? $"with gone as (delete from t where i = {key}) select pg_current_xact_id()::text"
            : $"with put as (insert into t values ({key}, '{value}') on conflict (i) do update set v = excluded.v) select pg_current_xact_id()::text");
        await using var command = new NpgsqlCommand(
            $"select pg_xact_commit_timestamp('{transaction}'::xid), pg_current_wal_insert_lsn()::text", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var before = _rows;
        _rows = delete ? before.Remove(key) : before.SetItem(key, value);
        lock (_lock)
        {
            _points.Add(new CommittedPoint(transaction, new DateTimeOffset(reader.GetDateTime(0)), Lsn.Parse(reader.GetString(1)), timeline, Lines(before), Lines(_rows)));
        }
    }

    private static IReadOnlyList<string> Lines(ImmutableSortedDictionary<int, string> rows) => [.. rows.Select(row => $"{row.Key} {row.Value}")];

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
